'use client';

import { useRouter } from 'next/navigation';

import { messageOf } from '#components/api/api-problem.ts';
import { useBulkPreview, useStartBulk } from '#components/api/bulk-actions.ts';
import { runsInWords } from '#components/bulk/bulk-words.ts';
import { DiscardDialog } from '#components/recovery/discard-dialog.tsx';
import type { DeadLetterFilter } from '#core/api/dead-letters.ts';

export interface BulkDiscardDialogProps {
  /** Which dead letters; null while it is closed. */
  readonly filter: DeadLetterFilter | null;
  readonly onClose: () => void;
}

/** Puts several dead letters aside, for one reason. */
export function BulkDiscardDialog({ filter, onClose }: BulkDiscardDialogProps) {
  const router = useRouter();
  const preview = useBulkPreview(filter && { kind: 'discard', filter, reason: 'preview' });
  const start = useStartBulk();
  const count = preview.data === undefined ? 'These runs' : runsInWords(preview.data.total);
  return (
    <DiscardDialog
      isOpen={filter !== null}
      title="Discard dead letters?"
      description={`${count} failed. Nobody is asked about them any more; the runs and their data stay as they are.`}
      isPending={start.isPending || start.isSuccess}
      problem={start.isError ? messageOf(start.error) : null}
      onDiscard={(reason) => {
        if (filter === null) return;
        start.mutate(
          { kind: 'discard', filter, reason },
          { onSuccess: ({ id }) => router.push(`/bulk-actions/${id}`) },
        );
      }}
      onClose={onClose}
    />
  );
}
