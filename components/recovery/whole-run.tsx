'use client';

import type { ReactNode } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useRun } from '#components/api/runs.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { DialogBody } from '#components/ui/dialog.tsx';
import { Spinner } from '#components/ui/spinner.tsx';
import type { Run } from '#core/api/runs.ts';

/** In a dialog that sends values of a run anew: what it shows, once those are loaded that were left out as too large. */
export function WholeRun({ run, children }: { run: Run; children: (whole: Run) => ReactNode }) {
  const isWhole = run.cut.length === 0;
  const read = useRun(run.id, { isWanted: !isWhole });
  const whole = isWhole ? run : read.data;
  if (whole !== undefined) return children(whole);
  return (
    <DialogBody>
      {read.isError ? (
        <FormProblem message={messageOf(read.error)} />
      ) : (
        <p className="flex items-center gap-2 text-sm text-muted-foreground">
          <Spinner label="Loading the values" /> Loading the values …
        </p>
      )}
    </DialogBody>
  );
}
