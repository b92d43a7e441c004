'use client';

import { Ban, Gauge, Pause, Play } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useBulkCommand, type BulkCommand } from '#components/api/bulk-actions.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { AlertDialog } from '#components/ui/alert-dialog.tsx';
import { Button } from '#components/ui/button.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#components/ui/popover.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { BulkAction } from '#core/api/bulk-actions.ts';

import { runsInWords } from './bulk-words.ts';
import { RateForm } from './rate-form.tsx';

/** Pause, continue, cancel and another pace. Nothing once it is over. */
export function BulkControls({ action }: { action: BulkAction }) {
  const mayAct = useRight('run:replay');
  const command = useBulkCommand(action.id);
  const [isCancelling, setCancelling] = useState(false);
  const isOver = action.status === 'done' || action.status === 'cancelled';
  if (!mayAct || isOver) return null;
  const give = (name: BulkCommand) =>
    command.mutate(name, {
      onSuccess: () => setCancelling(false),
      onError: (error) => {
        if (name !== 'cancel') toast.error(messageOf(error));
      },
    });
  const given = command.isPending ? command.variables : null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <PaceControl action={action} />
      <Button onClick={() => setCancelling(true)}>
        <Ban aria-hidden />
        Cancel…
      </Button>
      {action.status === 'running' ? (
        <Button loading={given === 'pause'} onClick={() => give('pause')}>
          <Pause aria-hidden />
          Pause
        </Button>
      ) : (
        <Button variant="primary" loading={given === 'continue'} onClick={() => give('continue')}>
          <Play aria-hidden />
          {action.isSample
            ? `Continue with the other ${action.counts.pending.toLocaleString('en')}`
            : 'Continue'}
        </Button>
      )}
      <AlertDialog
        open={isCancelling}
        onOpenChange={(open) => {
          command.reset();
          setCancelling(open);
        }}
        title="Cancel this bulk action?"
        description={`${runsInWords(action.counts.pending)} that it has not come to stay as they are. What was done stays done.`}
        confirmLabel="Cancel it"
        cancelLabel="Keep it"
        pending={given === 'cancel'}
        onConfirm={() => give('cancel')}
      >
        <FormProblem message={command.isError ? messageOf(command.error) : null} />
      </AlertDialog>
    </div>
  );
}

/** How many a second, and another number for it. */
function PaceControl({ action }: { action: BulkAction }) {
  const [isOpen, setOpen] = useState(false);
  const { ratePerSecond } = action;
  const label =
    ratePerSecond === null ? 'As fast as it goes' : `${ratePerSecond.toLocaleString('en')} a second`;
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger render={<Button aria-label={`Pace: ${label}`} />}>
        <Gauge aria-hidden className="text-muted-foreground" />
        {label}
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="Pace">
        <RateForm action={action} onDone={() => setOpen(false)} />
      </PopoverContent>
    </Popover>
  );
}
