'use client';

import { useState } from 'react';

import { BulkForm } from '#components/bulk/bulk-form.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';
import type { DeadLetterFilter } from '#core/api/dead-letters.ts';

const MODES = [
  {
    value: 'resume',
    label: 'Resume',
    hint: 'Each run goes on from its failed step, with the same keys.',
  },
  {
    value: 'replay',
    label: 'Replay',
    hint: 'A new run for each, from the start: calls that were made are made again.',
  },
] as const;

export interface RedriveDialogProps {
  /** Which dead letters; null while it is closed. */
  readonly filter: DeadLetterFilter | null;
  readonly onClose: () => void;
}

/** Takes dead letters up again: how, how many at a time, a sample first. */
export function RedriveDialog({ filter, onClose }: RedriveDialogProps) {
  return (
    <Dialog open={filter !== null} onOpenChange={(open) => !open && onClose()}>
      {filter !== null && <RedriveForm filter={filter} onClose={onClose} />}
    </Dialog>
  );
}

function RedriveForm({ filter, onClose }: { filter: DeadLetterFilter; onClose: () => void }) {
  const [mode, setMode] = useState<'resume' | 'replay'>('resume');
  return (
    <BulkForm
      title="Redrive dead letters"
      description="Takes up failed runs again. Which they are is fixed when you start; you can pause and cancel at any time."
      request={{ kind: 'redrive', filter, mode }}
      previewOf={{ kind: 'redrive', filter }}
      startLabel="Start the redrive"
      onClose={onClose}
    >
      <Field label="How" help={MODES.find(({ value }) => value === mode)?.hint}>
        <Select options={MODES} value={mode} onValueChange={setMode} />
      </Field>
    </BulkForm>
  );
}
