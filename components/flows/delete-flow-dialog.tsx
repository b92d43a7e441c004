'use client';

import { messageOf } from '#components/api/api-problem.ts';
import { useDeleteFlow } from '#components/api/flows.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { AlertDialog } from '#components/ui/alert-dialog.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { FlowSummary } from '#core/api/flows.ts';

/** Asks before a flow is deleted. `flow` null: closed. */
export function DeleteFlowDialog({ flow, onClose }: { flow: FlowSummary | null; onClose: () => void }) {
  const remove = useDeleteFlow();
  const close = () => {
    remove.reset();
    onClose();
  };
  const confirm = () => {
    if (flow === null) return;
    remove.mutate(flow.slug, {
      onSuccess: () => {
        toast.success(`Deleted “${flow.name}”`);
        close();
      },
    });
  };
  return (
    <AlertDialog
      open={flow !== null}
      onOpenChange={(open) => {
        if (!open) close();
      }}
      title={`Delete “${flow?.name ?? ''}”?`}
      description={
        <>
          The draft goes for good{flow?.hookUrl ? ', and its webhook URL stops answering' : ''}. Its runs are
          kept, and runs under way go on.
        </>
      }
      confirmLabel="Delete the flow"
      pending={remove.isPending}
      onConfirm={confirm}
    >
      <FormProblem message={remove.isError ? messageOf(remove.error) : null} />
    </AlertDialog>
  );
}
