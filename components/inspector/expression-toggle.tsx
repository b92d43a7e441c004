'use client';

import { useRef } from 'react';

import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { Json } from '#core/json.ts';
import { sameJson } from '#core/same-json.ts';

import type { FormField } from './form-model.ts';
import { useSettings } from './setting-context.tsx';
import { isShownAsPill } from './use-source-view.ts';
import type { SourceView } from './use-source-view.ts';
import { modeOf, toExpression, toLiteral } from './value-mode.ts';

export interface ExpressionToggleProps {
  readonly field: FormField;
  readonly value: Json | undefined;
  readonly source: SourceView;
  readonly onChange: (value: Json | undefined) => void;
}

/** What stood in the setting before a switch, and what the switch made of it. */
interface Left {
  readonly value: Json | undefined;
  readonly made: Json | undefined;
}

/** `fx`: writes the setting as an expression, or back. What was there is remembered, so that a look costs nothing. */
export function ExpressionToggle({ field, value, source, onChange }: ExpressionToggleProps) {
  const { isReadOnly } = useSettings();
  const left = useRef<{ expression?: Json; literal?: Left }>({});
  const isText = field.widget === 'text' || field.widget === 'textarea' || field.widget === 'code';
  const isPill = isText && isShownAsPill(value, source);
  const isExpression = modeOf(value) === 'expression' && !isPill;
  const toFixed = () => {
    const { literal } = left.current;
    left.current.expression = value;
    source.show({ asExpression: false, asSource: false });
    if (literal && sameJson(literal.made, value)) onChange(literal.value);
    else if (!isText || !isShownAsPill(value, { asExpression: false }))
      onChange(toLiteral(value, isText) ?? literal?.value);
  };
  const toSource = () => {
    source.show({ asExpression: true });
    const asExpression = toExpression(value);
    const made = value === undefined ? (left.current.expression ?? asExpression) : asExpression;
    left.current.literal = { value, made };
    if (!isPill) onChange(made);
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
        onClick={isExpression ? toFixed : toSource}
      >
        fx
      </Button>
    </Tooltip>
  );
}
