'use client';

import { messageOf } from '#components/api/api-problem.ts';
import { useRevokeApiKey } from '#components/api/workspace.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { AlertDialog } from '#components/ui/alert-dialog.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { ApiKey } from '#core/api/workspace.ts';

/** Asks before a key is revoked. `apiKey` null: closed. */
export function RevokeApiKeyDialog({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const revoke = useRevokeApiKey();
  const close = () => {
    revoke.reset();
    onClose();
  };
  const confirm = () => {
    if (apiKey === null) return;
    revoke.mutate(apiKey.id, {
      onSuccess: () => {
        toast.success(`Revoked “${apiKey.name}”`);
        close();
      },
    });
  };
  return (
    <AlertDialog
      open={apiKey !== null}
      onOpenChange={(open) => {
        if (!open) close();
      }}
      title={`Revoke “${apiKey?.name ?? ''}”?`}
      description="Whatever uses the key is refused from its next call on. A revoked key cannot be brought back."
      confirmLabel="Revoke the key"
      pending={revoke.isPending}
      onConfirm={confirm}
    >
      <FormProblem message={revoke.isError ? messageOf(revoke.error) : null} />
    </AlertDialog>
  );
}
