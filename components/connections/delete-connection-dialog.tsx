'use client';

import { messageOf } from '#components/api/api-problem.ts';
import { useDeleteConnection } from '#components/api/connections.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { AlertDialog } from '#components/ui/alert-dialog.tsx';
import { ScrollList } from '#components/ui/scroll-list.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Connection } from '#core/api/connections.ts';

/** Asks before a connection is deleted, and says which flows will miss it. `connection` null: closed. */
export function DeleteConnectionDialog(props: { connection: Connection | null; onClose: () => void }) {
  const { connection, onClose } = props;
  const remove = useDeleteConnection();
  const close = () => {
    remove.reset();
    onClose();
  };
  const confirm = () => {
    if (connection === null) return;
    remove.mutate(connection.slug, {
      onSuccess: () => {
        toast.success(`Deleted “${connection.name}”`);
        close();
      },
    });
  };
  return (
    <AlertDialog
      open={connection !== null}
      onOpenChange={(open) => {
        if (!open) close();
      }}
      title={`Delete “${connection?.name ?? ''}”?`}
      description="Its credentials are gone for good; they cannot be read back."
      confirmLabel="Delete the connection"
      pending={remove.isPending}
      onConfirm={confirm}
    >
      {connection !== null && connection.usedBy.length > 0 && (
        <div className="rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
          <p className="font-medium">
            {connection.usedBy.length === 1
              ? 'One flow uses it:'
              : `${connection.usedBy.length} flows use it:`}
          </p>
          <ScrollList className="mt-1 max-h-32 list-inside list-disc font-mono text-xs">
            {connection.usedBy.map((slug) => (
              <li key={slug} className="truncate">
                {slug}
              </li>
            ))}
          </ScrollList>
        </div>
      )}
      <FormProblem message={remove.isError ? messageOf(remove.error) : null} />
    </AlertDialog>
  );
}
