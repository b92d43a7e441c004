'use client';

import { Field as BaseField } from '@base-ui/react/field';
import { CircleAlert } from 'lucide-react';
import { useId, type ReactNode } from 'react';

import { cn } from './cn.ts';
import { FieldLabelContext } from './field-label.ts';

export interface FieldProps {
  label: ReactNode;
  /** A sentence under the control. */
  help?: ReactNode;
  /** What is wrong; replaces nothing, is added below and read to screen readers. */
  error?: ReactNode;
  /** Marks the field as one that may stay empty. */
  optional?: boolean;
  /** Drawn at the right end of the label's line. */
  aside?: ReactNode;
  /** Hides the label from sight, not from screen readers. */
  hideLabel?: boolean;
  /** Label beside the control, for switches and checkboxes. */
  inline?: boolean;
  className?: string;
  children: ReactNode;
}

/** Label, control, help and error of one setting, tied together for screen readers. */
export function Field(props: FieldProps) {
  const {
    label,
    help,
    error,
    optional = false,
    aside,
    hideLabel = false,
    inline = false,
    className,
    children,
  } = props;
  const labelId = useId();
  const hasError = error !== undefined && error !== null && error !== '';
  const labelLine = (
    <div className={cn('flex min-w-0 items-baseline gap-2', hideLabel && 'sr-only')}>
      <BaseField.Label id={labelId} className="text-sm font-medium text-foreground">
        {label}
      </BaseField.Label>
      {optional && <span className="text-xs text-subtle-foreground">optional</span>}
      {aside !== undefined && <span className="ml-auto">{aside}</span>}
    </div>
  );
  return (
    <BaseField.Root invalid={hasError} className={cn('flex min-w-0 flex-col gap-1.5', className)}>
      <FieldLabelContext value={labelId}>
        {inline ? (
          <div className="flex items-center justify-between gap-3">
            {labelLine}
            {children}
          </div>
        ) : (
          <>
            {labelLine}
            {children}
          </>
        )}
      </FieldLabelContext>
      {help !== undefined && help !== null && (
        <BaseField.Description className="text-xs leading-4 text-muted-foreground">
          {help}
        </BaseField.Description>
      )}
      {hasError && (
        <BaseField.Error match className="flex items-start gap-1.5 text-xs leading-4 text-danger">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          <span className="min-w-0 break-words">{error}</span>
        </BaseField.Error>
      )}
    </BaseField.Root>
  );
}
