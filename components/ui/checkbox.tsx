'use client';

import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import type { ComponentProps } from 'react';

import { cn } from './cn.ts';

export interface CheckboxProps extends Omit<ComponentProps<typeof BaseCheckbox.Root>, 'children'> {
  'aria-label': string;
}

/** One of several things, chosen or not; `indeterminate` where it stands for several of which some are. */
export function Checkbox({ className, indeterminate = false, ...props }: CheckboxProps) {
  return (
    <BaseCheckbox.Root
      indeterminate={indeterminate}
      className={cn(
        'relative z-1 flex size-4 shrink-0 cursor-pointer items-center justify-center rounded-xs border border-border-strong bg-surface text-accent-foreground focus-ring',
        // The place to hit is larger than what is seen.
        'after:absolute after:-inset-2.5 after:content-[""]',
        'data-[checked]:border-accent data-[checked]:bg-accent data-[indeterminate]:border-accent data-[indeterminate]:bg-accent',
        'data-[disabled]:cursor-default data-[disabled]:opacity-40',
        className,
      )}
      {...props}
    >
      <BaseCheckbox.Indicator className="flex data-[unchecked]:hidden">
        {indeterminate ? (
          <Minus aria-hidden className="size-3" strokeWidth={3} />
        ) : (
          <Check aria-hidden className="size-3" strokeWidth={3} />
        )}
      </BaseCheckbox.Indicator>
    </BaseCheckbox.Root>
  );
}
