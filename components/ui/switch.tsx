'use client';

import { Switch as BaseSwitch } from '@base-ui/react/switch';
import type { ComponentProps } from 'react';

import { cn } from './cn.ts';

/** On or off, at once. */
export function Switch({ className, ...props }: ComponentProps<typeof BaseSwitch.Root>) {
  return (
    <BaseSwitch.Root
      className={cn(
        'inline-flex h-5 w-8.5 shrink-0 cursor-pointer items-center rounded-full bg-border-strong p-0.5 transition-colors duration-150 focus-ring',
        'data-[checked]:bg-accent data-[disabled]:cursor-default data-[disabled]:opacity-50',
        className,
      )}
      {...props}
    >
      <BaseSwitch.Thumb className="size-4 rounded-full bg-white shadow-sm transition-transform duration-150 data-[checked]:translate-x-3.5" />
    </BaseSwitch.Root>
  );
}
