'use client';

import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { RateBudget } from '#core/rate-budget.ts';

/** A rate budget as it is typed: both empty for none. */
export interface TypedBudget {
  readonly calls: string;
  readonly seconds: string;
}

export function typedBudget(budget: RateBudget | null): TypedBudget {
  return budget === null
    ? { calls: '', seconds: '' }
    : { calls: String(budget.calls), seconds: String(budget.seconds) };
}

/** Null for none. What is no number is left to the API, which says so. */
export function readBudget({ calls, seconds }: TypedBudget): RateBudget | null {
  if (calls.trim() === '' && seconds.trim() === '') return null;
  return { calls: Number(calls), seconds: Number(seconds) };
}

const WHOLE_NUMBER = { type: 'number', min: 1, step: 1 } as const;

interface BudgetFieldsProps {
  value: TypedBudget;
  onChange: (value: TypedBudget) => void;
  messageAt: (pointer: string) => string | undefined;
}

/** How many calls may leave over a connection in how many seconds; empty for no limit. */
export function BudgetFields({ value, onChange, messageAt }: BudgetFieldsProps) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">
        Rate budget <span className="text-xs font-normal text-subtle-foreground">optional</span>
      </legend>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Calls" error={messageAt('/budget/calls') ?? messageAt('/budget')}>
          <Input
            {...WHOLE_NUMBER}
            required={value.seconds !== ''}
            placeholder="No limit"
            value={value.calls}
            onValueChange={(calls) => onChange({ ...value, calls })}
          />
        </Field>
        <Field label="In seconds" error={messageAt('/budget/seconds')}>
          <Input
            {...WHOLE_NUMBER}
            required={value.calls !== ''}
            placeholder="60"
            value={value.seconds}
            onValueChange={(seconds) => onChange({ ...value, seconds })}
          />
        </Field>
      </div>
      <p className="text-xs text-muted-foreground">
        Over all flows and workers. Calls beyond it wait for their turn, in the order in which they came.
      </p>
    </fieldset>
  );
}
