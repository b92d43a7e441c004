'use client';

import { ArrowLeftRight } from 'lucide-react';
import { useMemo, useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useEditor } from '#components/canvas/editor-context.tsx';
import { useFlowVersions } from '#components/canvas/flow-calls.ts';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Select } from '#components/ui/select.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { catalog } from '#connectors/definitions.ts';
import { nodeNames } from '#core/diff-flows/node-names.ts';

import { ChangeChoice } from './change-list.tsx';
import { comparedFields } from './compared-fields.ts';
import { DiffCanvas } from './diff-canvas.tsx';
import { FieldTable } from './field-table.tsx';
import { superpose } from './superpose.ts';
import { useCompared, type Compared, type VersionRef } from './use-compared.ts';

/** The two versions to begin with, the earlier one first. */
export type ComparedPair = readonly [before: VersionRef, after: VersionRef];

export interface CompareDialogProps {
  /** Null while the dialog is closed. */
  readonly pair: ComparedPair | null;
  readonly onClose: () => void;
}

/** Any two versions of the flow, or one and the draft, on one canvas: what changed is marked, listed, and shown field by field. */
export function CompareDialog({ pair, onClose }: CompareDialogProps) {
  return (
    <Dialog open={pair !== null} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        title="Compare versions"
        description="Green was added, red was removed, amber changed. Choose a change to see its fields."
        size="full"
      >
        {pair && <Comparison key={pair.join()} pair={pair} />}
      </DialogContent>
    </Dialog>
  );
}

function Comparison({ pair }: { pair: ComparedPair }) {
  const [[before, after], setPair] = useState(pair);
  const compared = useCompared(before, after);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 px-5 py-3">
        <VersionSelect label="From" value={before} onChange={(ref) => setPair([ref, after])} />
        <IconButton label="Swap the two" onClick={() => setPair([after, before])}>
          <ArrowLeftRight />
        </IconButton>
        <VersionSelect label="To" value={after} onChange={(ref) => setPair([before, ref])} />
      </div>
      {compared.error ? (
        <p role="alert" className="px-5 pb-5 text-sm text-danger">
          {messageOf(compared.error)}
        </p>
      ) : compared.data ? (
        <Changes key={`${before} ${after}`} compared={compared.data} />
      ) : (
        <Skeleton className="mx-5 mb-5 flex-1" />
      )}
    </>
  );
}

function VersionSelect({
  label,
  value,
  onChange,
}: {
  label: string;
  value: VersionRef;
  onChange: (ref: VersionRef) => void;
}) {
  const slug = useEditor(({ document }) => document.slug);
  const versions = useFlowVersions(slug, true);
  const options = [
    { value: 'draft', label: 'Draft' },
    ...(versions.data ?? []).map(({ version, note }) => ({
      value: String(version),
      label: `Version ${version}`,
      ...(note !== '' && { hint: note.slice(0, 60) }),
    })),
  ];
  return (
    <Select
      aria-label={label}
      className="w-44"
      options={options}
      value={String(value)}
      onValueChange={(next) => onChange(next === 'draft' ? 'draft' : Number(next))}
    />
  );
}

function Changes({ compared }: { compared: Compared }) {
  const { before, after, diff, changes } = compared;
  const [chosen, setChosen] = useState<string | null | undefined>(undefined);
  const flows = useMemo(() => superpose({ before, after, diff }, catalog), [before, after, diff]);
  const choose = (nodeId: string | null) => setChosen(nodeId);
  return (
    <div className="grid min-h-0 flex-1 border-t border-border max-md:grid-rows-2 md:grid-cols-[23rem_minmax(0,1fr)]">
      <div className="flex min-h-0 flex-col border-border max-md:border-b md:border-r">
        <div className="min-h-24 flex-1 overflow-y-auto p-3">
          {changes.length === 0 ? (
            <p className="p-2 text-sm text-muted-foreground">
              Nothing changed between these two. Choose others above.
            </p>
          ) : (
            <ChangeChoice changes={changes} chosen={chosen} onChoose={choose} />
          )}
        </div>
        {chosen !== undefined && <ChosenFields compared={compared} nodeId={chosen} />}
      </div>
      <div className="min-h-0 min-w-0">
        <DiffCanvas flows={flows} selectedNodeId={chosen ?? null} onSelect={choose} />
      </div>
    </div>
  );
}

/** What a node, or the flow, was and is, field by field. */
function ChosenFields({ compared, nodeId }: { compared: Compared; nodeId: string | null }) {
  const fields = comparedFields(compared.diff, nodeId);
  const title = nodeId === null ? 'The flow' : nodeNames({ ...compared, catalog })(nodeId);
  return (
    <section
      aria-label={`Fields of ${title}`}
      tabIndex={0}
      className="max-h-[55%] overflow-y-auto border-t border-border p-4 focus-ring-inset"
    >
      <h3 className="mb-2 text-sm font-medium">{title}</h3>
      {fields.length === 0 ? (
        <p className="text-sm text-muted-foreground">No field of it changed.</p>
      ) : (
        <FieldTable fields={fields} />
      )}
    </section>
  );
}
