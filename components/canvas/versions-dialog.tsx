'use client';

import { formatDistanceToNow } from 'date-fns';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { AlertDialog } from '#components/ui/alert-dialog.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent } from '#components/ui/dialog.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { FlowVersion } from '#core/api/flows.ts';

import { useEditor, useEditorStore } from './editor-context.tsx';
import { readVersionDocument, useFlowVersions, useRollbackFlow } from './flow-calls.ts';

export interface VersionsDialogProps {
  readonly isOpen: boolean;
  readonly canPublish: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** Every version that was published, with the ways back: publish it again, or take it into the draft. */
export function VersionsDialog({ isOpen, canPublish, onOpenChange }: VersionsDialogProps) {
  const slug = useEditor((state) => state.document.slug);
  const versions = useFlowVersions(slug, isOpen);
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent
        title="Versions"
        description="Versions never change. Going back makes a new one."
        size="lg"
      >
        <DialogBody>
          {versions.isPending && <Skeleton className="h-24" />}
          {versions.error && <p className="text-sm text-danger">{messageOf(versions.error)}</p>}
          {versions.data?.length === 0 && (
            <p className="py-6 text-center text-sm text-muted-foreground">Nothing was published yet.</p>
          )}
          <ul className="flex flex-col divide-y divide-border empty:hidden">
            {versions.data?.map((version) => (
              <VersionRow
                key={version.version}
                version={version}
                canPublish={canPublish}
                onTaken={() => onOpenChange(false)}
              />
            ))}
          </ul>
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}

function VersionRow({
  version,
  canPublish,
  onTaken,
}: {
  version: FlowVersion;
  canPublish: boolean;
  onTaken: () => void;
}) {
  const store = useEditorStore();
  const slug = useEditor((state) => state.document.slug);
  const [isAsking, setIsAsking] = useState(false);
  const rollback = useRollbackFlow(slug);
  const take = async () => {
    try {
      const document = await readVersionDocument(slug, version.version);
      store.swapDocument({ ...document, slug });
      store.announce(`Version ${version.version} is in the draft`);
      toast.success(`Version ${version.version} is in the draft. Undo brings back what was there.`);
      onTaken();
    } catch (error) {
      toast.error(messageOf(error));
    }
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 text-sm font-medium">
          Version {version.version}
          {version.published && <Badge tone="success">Published</Badge>}
        </p>
        <p className="text-xs text-muted-foreground" title={version.createdAt}>
          {formatDistanceToNow(new Date(version.createdAt), { addSuffix: true })}
          {version.createdBy !== null && ` by ${version.createdBy}`}
        </p>
        {version.note !== '' && <p className="mt-1 text-sm break-words">{version.note}</p>}
      </div>
      {!store.isReadOnly && (
        <Button size="sm" variant="ghost" onClick={() => void take()}>
          Take into the draft
        </Button>
      )}
      {canPublish && !version.published && (
        <Button size="sm" onClick={() => setIsAsking(true)}>
          Publish again
        </Button>
      )}
      <AlertDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title={`Publish version ${version.version} again?`}
        description="It becomes a new version that all new events run. The draft stays as it is."
        confirmLabel="Publish again"
        danger={false}
        pending={rollback.isPending}
        onConfirm={() =>
          rollback.mutate(version.version, {
            onSuccess: (reply) => {
              setIsAsking(false);
              toast.success(`Published as version ${reply.version}.`);
            },
            onError: (error) => toast.error(messageOf(error)),
          })
        }
      />
    </li>
  );
}
