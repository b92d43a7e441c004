'use client';

import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';

import { IconButton } from '#components/ui/icon-button.tsx';
import { Input, type InputProps } from '#components/ui/input.tsx';

/** A password that can be shown while it is typed. */
export function PasswordInput(props: Omit<InputProps, 'type' | 'after'>) {
  const [isShown, setShown] = useState(false);
  return (
    <Input
      {...props}
      type={isShown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      after={
        <IconButton
          label={isShown ? 'Hide' : 'Show'}
          size="sm"
          aria-pressed={isShown}
          className="size-7"
          onClick={() => setShown(!isShown)}
        >
          {isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        </IconButton>
      }
    />
  );
}
