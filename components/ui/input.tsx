'use client';

import { Input as BaseInput } from '@base-ui/react/input';
import type { ComponentProps, ReactNode } from 'react';

import { cn } from './cn.ts';

export const controlClasses = [
  'w-full min-w-0 rounded-md border border-border-strong bg-surface text-sm text-foreground shadow-xs',
  'placeholder:text-subtle-foreground transition-[border-color,box-shadow] duration-100 focus-ring-input',
  'disabled:cursor-not-allowed disabled:opacity-60 data-[invalid]:border-danger aria-invalid:border-danger',
  'pointer-coarse:text-lg',
];

export interface InputProps extends ComponentProps<typeof BaseInput> {
  /** Drawn inside, before the text. */
  icon?: ReactNode;
  /** Drawn inside, after the text, for example a button. */
  after?: ReactNode;
}

/** A one-line text field. Inside `Field` it is labelled and described by it. */
export function Input({ className, icon, after, ...props }: InputProps) {
  const input = (
    <BaseInput
      className={cn(
        controlClasses,
        'h-8 px-2.5 pointer-coarse:h-10',
        icon !== undefined && 'pl-8',
        after !== undefined && 'pr-9',
        className,
      )}
      {...props}
    />
  );
  if (icon === undefined && after === undefined) return input;
  return (
    <span className="relative flex w-full min-w-0 items-center">
      {icon !== undefined && (
        <span className="pointer-events-none absolute left-2.5 flex text-subtle-foreground [&_svg]:size-4">
          {icon}
        </span>
      )}
      {input}
      {after !== undefined && <span className="absolute right-1 flex items-center">{after}</span>}
    </span>
  );
}
