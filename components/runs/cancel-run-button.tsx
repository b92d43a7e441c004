'use client';

import { Ban } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useCancelRun } from '#components/api/runs.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { AlertDialog } from '#components/ui/alert-dialog.tsx';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Run } from '#core/api/runs.ts';

/** Stops a run that goes on, after asking. */
export function CancelRunButton({ run }: { run: Run }) {
  const [isOpen, setOpen] = useState(false);
  const mayCancel = useRight('run:cancel');
  const cancel = useCancelRun(run.id);
  if (!mayCancel) return null;
  const confirm = () =>
    cancel.mutate(undefined, {
      onSuccess: () => {
        setOpen(false);
        toast.success('The run is being cancelled');
      },
    });
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Ban aria-hidden />
        Cancel
      </Button>
      <AlertDialog
        open={isOpen}
        onOpenChange={(open) => {
          cancel.reset();
          setOpen(open);
        }}
        title="Cancel this run?"
        description="No further step begins, and a call under way is given up. Calls that were made stay made."
        confirmLabel="Cancel the run"
        cancelLabel="Let it go on"
        pending={cancel.isPending}
        onConfirm={confirm}
      >
        <FormProblem message={cancel.isError ? messageOf(cancel.error) : null} />
      </AlertDialog>
    </>
  );
}
