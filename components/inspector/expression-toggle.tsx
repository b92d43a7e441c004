'use client';

import { useRef } from 'react';

import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { Json } from '#core/json.ts';

import type { FormField } from './form-model.ts';
import { useSettings } from './setting-context.tsx';
import { modeOf, toExpression, toLiteral } from './value-mode.ts';

export interface ExpressionToggleProps {
  readonly field: FormField;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
}

/** `fx`: writes the setting as an expression, or back. What was there is remembered, so that a look costs nothing. */
export function ExpressionToggle({ field, value, onChange }: ExpressionToggleProps) {
  const { isReadOnly } = useSettings();
  const left = useRef<{ expression?: Json; literal?: Json }>({});
  const isExpression = modeOf(value) === 'expression';
  const isText = field.widget === 'text' || field.widget === 'textarea' || field.widget === 'code';
  const toggle = () => {
    if (isExpression) {
      left.current.expression = value;
      onChange(toLiteral(value, isText) ?? left.current.literal);
    } else {
      left.current.literal = value;
      const asExpression = toExpression(value);
      onChange(value === undefined ? (left.current.expression ?? asExpression) : asExpression);
    }
  };
  const label = isExpression ? 'Write a fixed value' : 'Write an expression';
  return (
    <Tooltip label={label}>
      <Button
        variant="ghost"
        size="sm"
        aria-label={`${field.title}: ${label.toLowerCase()}`}
        aria-pressed={isExpression}
        disabled={isReadOnly}
        className={cn(
          'h-6 px-1.5 font-mono text-xs italic',
          isExpression && 'bg-accent-soft text-accent-text',
        )}
        onClick={toggle}
      >
        fx
      </Button>
    </Tooltip>
  );
}
