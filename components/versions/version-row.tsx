'use client';

import { GitCompareArrows } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { readVersionDocument, useRollbackFlow } from '#components/canvas/flow-calls.ts';
import { AlertDialog } from '#components/ui/alert-dialog.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Time } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { FlowVersion } from '#core/api/flows.ts';

import { ChangesBetween } from './changes-between.tsx';
import type { ComparedPair } from './compare-dialog.tsx';

export interface VersionRowProps {
  readonly version: FlowVersion;
  /** The version before; null for the first one. */
  readonly previous: number | null;
  readonly canPublish: boolean;
  readonly onTaken: () => void;
  readonly onCompare: (pair: ComparedPair) => void;
}

/** One version: who published it and when, their note, what changed in words, and the ways back to it. */
export function VersionRow({ version, previous, canPublish, onTaken, onCompare }: VersionRowProps) {
  const { isReadOnly } = useEditorStore();
  const take = useTake(version.version, onTaken);
  const [isAsking, setIsAsking] = useState(false);
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1">
          <p className="flex items-center gap-2 text-sm font-medium">
            Version {version.version}
            {version.published && <Badge tone="success">Published</Badge>}
          </p>
          <p className="text-xs text-muted-foreground">
            <Time at={version.createdAt} />
            {version.createdBy !== null && ` by ${version.createdBy}`}
          </p>
        </div>
        {!isReadOnly && (
          <Button size="sm" variant="ghost" onClick={() => void take()}>
            Take into the draft
          </Button>
        )}
        {canPublish && !version.published && (
          <Button size="sm" onClick={() => setIsAsking(true)}>
            Publish again
          </Button>
        )}
      </div>
      {version.note !== '' && <p className="text-sm break-words">{version.note}</p>}
      {previous === null ? (
        <p className="text-sm text-muted-foreground">The first version.</p>
      ) : (
        <div className="flex items-start gap-3">
          <div className="min-w-0 flex-1 text-muted-foreground">
            <ChangesBetween before={previous} after={version.version} most={3} />
          </div>
          <Button
            size="sm"
            variant="ghost"
            aria-label={`Compare version ${version.version} with version ${previous}`}
            onClick={() => onCompare([previous, version.version])}
          >
            <GitCompareArrows /> Compare
          </Button>
        </div>
      )}
      <PublishAgain version={version.version} isOpen={isAsking} onOpenChange={setIsAsking} />
    </li>
  );
}

/** Puts a version's document into the draft, as one step of undo. */
function useTake(version: number, onTaken: () => void): () => Promise<void> {
  const store = useEditorStore();
  const slug = useEditor((state) => state.document.slug);
  return async () => {
    try {
      const document = await readVersionDocument(slug, version);
      store.swapDocument({ ...document, slug });
      store.announce(`Version ${version} is in the draft`);
      toast.success(`Version ${version} is in the draft. Undo brings back what was there.`);
      onTaken();
    } catch (error) {
      toast.error(messageOf(error));
    }
  };
}

function PublishAgain({
  version,
  isOpen,
  onOpenChange,
}: {
  version: number;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const slug = useEditor((state) => state.document.slug);
  const rollback = useRollbackFlow(slug);
  return (
    <AlertDialog
      open={isOpen}
      onOpenChange={onOpenChange}
      title={`Publish version ${version} again?`}
      description="It becomes a new version that all new events run. The draft stays as it is."
      confirmLabel="Publish again"
      danger={false}
      pending={rollback.isPending}
      onConfirm={() =>
        rollback.mutate(version, {
          onSuccess: (reply) => {
            onOpenChange(false);
            toast.success(`Published as version ${reply.version}.`);
          },
          onError: (error) => toast.error(messageOf(error)),
        })
      }
    />
  );
}
