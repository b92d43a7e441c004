'use client';

import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useRetentionPreview, useSaveRetention } from '#components/api/retention.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { AlertDialog } from '#components/ui/alert-dialog.tsx';
import { Button } from '#components/ui/button.tsx';
import { CardBody } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';
import { Time } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Retention, RetentionState } from '#core/api/retention.ts';

import {
  daysInWords,
  goingCount,
  goingInWords,
  RETENTION_PARTS,
  undecidedInWords,
} from './retention-words.ts';

const FOR_EVER = 'ever';

/** The setting, and what it would remove, before it is saved. */
export function RetentionForm({ saved }: { saved: RetentionState }) {
  const { checkedAt, undecidedRemoved, undecidedRemovedAt, ...before } = saved;
  const [set, setSet] = useState<Retention>(before);
  const [isAsking, setAsking] = useState(false);
  const preview = useRetentionPreview(set);
  const save = useSaveRetention();
  const isChanged = RETENTION_PARTS.some(({ part }) => set[part] !== before[part]);
  const submit = () =>
    save.mutate(set, {
      onSuccess: () => {
        setAsking(false);
        toast.success('Retention saved');
      },
    });
  const lines = RETENTION_PARTS.map(({ part }) =>
    preview.data ? goingInWords(part, set, preview.data) : '',
  );
  const isHarmless = preview.data !== undefined && goingCount(preview.data) === 0;
  return (
    <CardBody className="flex flex-col gap-5 border-t border-border">
      {RETENTION_PARTS.map(({ part, label, help, choices }, index) => (
        <div key={part} className="flex flex-col gap-1.5">
          <Field label={label} help={help}>
            <Select
              className="max-w-52"
              options={optionsOf(choices, set[part])}
              value={String(set[part] ?? FOR_EVER)}
              onValueChange={(value) => setSet({ ...set, [part]: value === FOR_EVER ? null : Number(value) })}
            />
          </Field>
          <p aria-live="polite" className="text-sm text-muted-foreground">
            {preview.isError
              ? `What would go could not be counted. ${messageOf(preview.error)}`
              : lines[index]}
          </p>
          {part === 'quarantineDays' && undecidedRemovedAt !== null && (
            <p className="text-sm text-muted-foreground">
              {undecidedInWords(undecidedRemoved)} <Time at={undecidedRemovedAt} />.
            </p>
          )}
        </div>
      ))}
      <FormProblem message={save.isError && !isAsking ? messageOf(save.error) : null} />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          variant="primary"
          disabled={!isChanged || preview.isPending || preview.isPlaceholderData}
          loading={save.isPending && !isAsking}
          onClick={() => (isHarmless ? submit() : setAsking(true))}
        >
          Save
        </Button>
        {checkedAt !== null && (
          <p className="text-xs text-muted-foreground">
            Old rows were last looked for <Time at={checkedAt} />
          </p>
        )}
      </div>
      <AlertDialog
        open={isAsking}
        onOpenChange={setAsking}
        title="Remove what is older?"
        description="A worker removes it soon after, a day of runs at a time. What was removed cannot be brought back."
        confirmLabel="Save and remove"
        pending={save.isPending}
        onConfirm={submit}
      >
        <ul className="flex list-disc flex-col gap-1 pl-5 text-sm">
          {lines.filter(Boolean).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <FormProblem message={save.isError ? messageOf(save.error) : null} />
      </AlertDialog>
    </CardBody>
  );
}

/** The offered times, and the one that is set, whoever set it. */
function optionsOf(choices: readonly number[], days: number | null) {
  const known = days === null || choices.includes(days) ? choices : [...choices, days].sort((a, b) => a - b);
  return [
    { value: FOR_EVER, label: 'Keep for ever' },
    ...known.map((choice) => ({ value: String(choice), label: daysInWords(choice) })),
  ];
}
