'use client';

import { useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useBulkPreview, useStartBulk, type BulkRequest } from '#components/api/bulk-actions.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';

import { BulkPreviewView } from './bulk-preview.tsx';
import { readPace, START_PACE } from './pace.ts';
import { PaceFields } from './pace-fields.tsx';

export interface BulkFormProps {
  readonly title: string;
  readonly description: string;
  /** The action without its pace; null while something is wrong with it. */
  readonly request: BulkRequest | null;
  /** What the preview counts, when that does not depend on all that is typed. Default: `request`. */
  readonly previewOf?: BulkRequest;
  readonly startLabel: string;
  /** What it takes so many of. Default: runs. */
  readonly inWords?: (count: number) => string;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

/** The window in which a bulk action is made: how, how fast, and how many runs it takes. Leads to the action's page. */
export function BulkForm(props: BulkFormProps) {
  const router = useRouter();
  const { title, description, request, previewOf = request, startLabel, inWords, children, onClose } = props;
  const [paceText, setPaceText] = useState(START_PACE);
  const reading = readPace(paceText);
  const preview = useBulkPreview(previewOf);
  const start = useStartBulk();
  const total = preview.data?.total ?? 0;
  const submit = () => {
    if (request === null || reading.pace === null) return;
    start.mutate(
      { ...request, ...reading.pace },
      { onSuccess: ({ id }) => router.push(`/bulk-actions/${id}`) },
    );
  };
  return (
    <DialogContent size="lg" title={title} description={description}>
      <DialogBody>
        {children}
        <PaceFields value={paceText} reading={reading} onChange={setPaceText} />
        <BulkPreviewView preview={preview} sampleSize={reading.pace?.sampleSize} inWords={inWords} />
        <FormProblem message={start.isError ? messageOf(start.error) : null} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose} disabled={start.isPending}>
          Cancel
        </Button>
        <Button
          variant="primary"
          disabled={request === null || reading.pace === null || total === 0 || preview.isPlaceholderData}
          loading={start.isPending || start.isSuccess}
          onClick={submit}
        >
          {startLabel}
        </Button>
      </DialogFooter>
    </DialogContent>
  );
}
