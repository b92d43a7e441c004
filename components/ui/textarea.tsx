'use client';

import { Field as BaseField } from '@base-ui/react/field';
import type { ComponentProps } from 'react';

import { cn } from './cn.ts';
import { controlClasses } from './input.tsx';

/** A text field of several lines. `mono` for JSON and code. */
export function Textarea({
  className,
  mono = false,
  rows = 4,
  ...props
}: ComponentProps<'textarea'> & { mono?: boolean }) {
  return (
    <BaseField.Control
      render={
        <textarea
          rows={rows}
          className={cn(
            controlClasses,
            'min-h-8 resize-y px-2.5 py-1.5 leading-5',
            mono && 'font-mono text-xs',
            className,
          )}
          {...props}
        />
      }
    />
  );
}
