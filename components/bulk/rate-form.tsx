'use client';

import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useBulkPace } from '#components/api/bulk-actions.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { BulkAction } from '#core/api/bulk-actions.ts';

import { problemOfRate, readRate } from './pace.ts';

/** Another pace for an action under way. */
export function RateForm({ action, onDone }: { action: BulkAction; onDone: () => void }) {
  const [text, setText] = useState(action.ratePerSecond === null ? '' : String(action.ratePerSecond));
  const pace = useBulkPace(action.id);
  const problem = problemOfRate(text) ?? (pace.isError ? messageOf(pace.error) : null);
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (problemOfRate(text) === null) pace.mutate(readRate(text), { onSuccess: onDone });
      }}
    >
      <Field label="At most each second" help="Empty: as fast as it goes." error={problem}>
        <Input
          inputMode="decimal"
          placeholder="as fast as it goes"
          value={text}
          onValueChange={(next) => setText(next)}
        />
      </Field>
      <Button type="submit" variant="primary" loading={pace.isPending} className="self-end">
        Change the pace
      </Button>
    </form>
  );
}
