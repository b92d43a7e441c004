'use client';

import { BulkForm } from '#components/bulk/bulk-form.tsx';
import { heldInWords } from '#components/bulk/bulk-words.ts';
import { Dialog } from '#components/ui/dialog.tsx';

export interface ReleaseDialogProps {
  readonly isOpen: boolean;
  /** Of which flow; null for every flow. */
  readonly flow: string | null;
  readonly onClose: () => void;
}

/** Replays all that is in quarantine, however much it is: how many at a time, a sample first. */
export function ReleaseDialog({ isOpen, flow, onClose }: ReleaseDialogProps) {
  return (
    <Dialog open={isOpen} onOpenChange={(open) => !open && onClose()}>
      {isOpen && (
        <BulkForm
          title="Replay all that is in quarantine"
          description="Each event gets one run, of the version that is published then. Which they are is fixed when you start; you can pause and cancel at any time."
          request={{ kind: 'release', filter: flow === null ? {} : { flow } }}
          startLabel="Start the replay"
          inWords={heldInWords}
          onClose={onClose}
        >
          {null}
        </BulkForm>
      )}
    </Dialog>
  );
}
