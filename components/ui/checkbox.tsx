'use client';

import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import type { ComponentProps } from 'react';

import { cn } from './cn.ts';

/** A tick box. `indeterminate` shows a dash. */
export function Checkbox({ className, indeterminate, ...props }: ComponentProps<typeof BaseCheckbox.Root>) {
  return (
    <BaseCheckbox.Root
      indeterminate={indeterminate}
      className={cn(
        'flex size-4 shrink-0 cursor-pointer items-center justify-center rounded-sm border border-border-strong bg-surface shadow-xs focus-ring',
        'data-[checked]:border-transparent data-[checked]:bg-accent data-[indeterminate]:border-transparent data-[indeterminate]:bg-accent',
        'data-[disabled]:cursor-default data-[disabled]:opacity-50',
        className,
      )}
      {...props}
    >
      <BaseCheckbox.Indicator className="flex text-accent-foreground data-[unchecked]:hidden">
        {indeterminate === true ? (
          <Minus aria-hidden className="size-3" strokeWidth={3} />
        ) : (
          <Check aria-hidden className="size-3" strokeWidth={3} />
        )}
      </BaseCheckbox.Indicator>
    </BaseCheckbox.Root>
  );
}
