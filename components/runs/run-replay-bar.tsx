'use client';

import { GitCompareArrows, Repeat2 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';

import type { RunFilter } from '#components/api/run-filter.ts';
import { runListQuery } from '#components/api/run-filter.ts';
import type { RunsToReplay } from '#components/bulk/bulk-replay-dialog.tsx';
import { SelectionBar } from '#components/bulk/selection-bar.tsx';
import type { SelectionState } from '#components/bulk/use-selection.ts';
import { compareHref } from '#components/compare/compare-href.ts';
import { Button } from '#components/ui/button.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import type { RunSummary } from '#core/api/runs.ts';

// It brings expressions and their editor along: loaded once a run is chosen.
const BulkReplayDialog = lazyPart(
  async () => (await import('#components/bulk/bulk-replay-dialog.tsx')).BulkReplayDialog,
  ({ filter }) => filter !== null,
);

export interface RunReplayBarProps {
  readonly selection: SelectionState;
  readonly filter: RunFilter;
  /** Those that are loaded. */
  readonly runs: readonly RunSummary[];
  readonly hasMore: boolean;
}

/** Below the list of runs of which some are chosen: replays them; two of one flow can be compared. */
export function RunReplayBar({ selection, filter, runs, hasMore }: RunReplayBarProps) {
  const [toReplay, setToReplay] = useState<RunsToReplay | null>(null);
  const chosen = runs.filter(({ id }) => selection.isSelected(id));
  const flows = new Set(selection.selection.isAll ? [filter.flow] : chosen.map(({ flow }) => flow));
  const [flow] = flows;
  const isOneFlow = flows.size === 1 && flow !== undefined;
  const open = () => {
    if (flow === undefined) return;
    if (selection.selection.isAll) {
      const { status, ...rest } = runListQuery(filter, Date.now());
      setToReplay({ ...rest, flow, ...(status && { status: [...status] }) });
    } else setToReplay({ flow, runIds: chosen.map(({ id }) => id) });
  };
  return (
    <>
      <SelectionBar state={selection} hasMore={hasMore} noun="runs">
        {!isOneFlow && (
          <span className="text-sm text-muted-foreground">
            Choose runs of one flow to replay them together.
          </span>
        )}
        {isOneFlow && !selection.selection.isAll && <CompareLink chosen={chosen} />}
        <Button variant="primary" disabled={!isOneFlow} onClick={open}>
          <Repeat2 aria-hidden />
          Replay…
        </Button>
      </SelectionBar>
      {(chosen.length > 0 || toReplay !== null) && (
        <BulkReplayDialog
          filter={toReplay}
          sampleRunId={chosen[0]?.id ?? ''}
          onClose={() => setToReplay(null)}
        />
      )}
    </>
  );
}

/** For two that are chosen. The list is newest first. */
function CompareLink({ chosen: [later, earlier, third] }: { chosen: readonly RunSummary[] }) {
  if (later === undefined || earlier === undefined || third !== undefined) return null;
  return (
    <Button nativeButton={false} render={<Link href={compareHref(later.id, earlier.id)} />}>
      <GitCompareArrows aria-hidden />
      Compare
    </Button>
  );
}
