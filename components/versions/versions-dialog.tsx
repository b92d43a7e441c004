'use client';

import { GitCompareArrows } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useEditor } from '#components/canvas/editor-context.tsx';
import { useFlowVersions } from '#components/canvas/flow-calls.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent } from '#components/ui/dialog.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { FlowVersion } from '#core/api/flows.ts';

import { ChangesBetween } from './changes-between.tsx';
import { CompareDialog, type ComparedPair } from './compare-dialog.tsx';
import { VersionRow } from './version-row.tsx';

export interface VersionsDialogProps {
  readonly isOpen: boolean;
  readonly canPublish: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** How many versions are shown at first, and with each step to older ones. */
const STEP = 10;

/** The history of the flow: what the draft changes, then every version with its author, note and changes, and the ways back to it. */
export function VersionsDialog({ isOpen, canPublish, onOpenChange }: VersionsDialogProps) {
  const slug = useEditor((state) => state.document.slug);
  const versions = useFlowVersions(slug, isOpen);
  const [pair, setPair] = useState<ComparedPair | null>(null);
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
            <p className="py-6 text-center text-sm text-muted-foreground">
              Nothing was published yet. Publish the draft to make version 1.
            </p>
          )}
          {versions.data && versions.data.length > 0 && (
            <>
              <DraftNote versions={versions.data} onCompare={setPair} />
              <History
                versions={versions.data}
                canPublish={canPublish}
                onTaken={() => onOpenChange(false)}
                onCompare={setPair}
              />
            </>
          )}
        </DialogBody>
      </DialogContent>
      <CompareDialog pair={pair} onClose={() => setPair(null)} />
    </Dialog>
  );
}

/** What publishing the draft would change. */
function DraftNote({
  versions,
  onCompare,
}: {
  versions: readonly FlowVersion[];
  onCompare: (pair: ComparedPair) => void;
}) {
  const base = (versions.find(({ published }) => published) ?? versions[0])?.version;
  if (base === undefined) return null;
  return (
    <section aria-label="Draft" className="rounded-lg border border-border bg-muted/40 px-3 py-2.5">
      <div className="mb-1.5 flex items-center gap-3">
        <h3 className="flex-1 text-sm font-medium">Draft, since version {base}</h3>
        <Button
          size="sm"
          aria-label={`Compare the draft with version ${base}`}
          onClick={() => onCompare([base, 'draft'])}
        >
          <GitCompareArrows /> Compare
        </Button>
      </div>
      <ChangesBetween before={base} after="draft" most={5} />
    </section>
  );
}

function History({
  versions,
  ...rowProps
}: {
  versions: readonly FlowVersion[];
  canPublish: boolean;
  onTaken: () => void;
  onCompare: (pair: ComparedPair) => void;
}) {
  const [count, setCount] = useState(STEP);
  return (
    <>
      <ul aria-label="Versions" className="flex flex-col divide-y divide-border">
        {versions.slice(0, count).map((version, index) => (
          <VersionRow
            key={version.version}
            version={version}
            previous={versions[index + 1]?.version ?? null}
            {...rowProps}
          />
        ))}
      </ul>
      {versions.length > count && (
        <Button className="self-center" onClick={() => setCount(count + STEP)}>
          Show older versions
        </Button>
      )}
    </>
  );
}
