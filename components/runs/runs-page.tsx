'use client';

import { History, ListChecks, SearchX } from 'lucide-react';
import Link from 'next/link';
import { useRef, useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useLiveRuns, useRuns } from '#components/api/runs.ts';
import { isEmpty } from '#components/bulk/selection.ts';
import { useSelection } from '#components/bulk/use-selection.ts';
import { PageHeader } from '#components/shell/page-header.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { moveRowFocus } from '#components/shell/row-links.ts';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { useHotkeys } from '#components/shell/use-hotkeys.ts';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';

import { ExactNote } from './exact-note.tsx';
import { LiveDot } from './live-dot.tsx';
import { LoadMore } from '#components/shell/load-more.tsx';
import { RunFilterBar } from './run-filter-bar.tsx';
import { RunTable } from './run-table.tsx';
import { useRunFilter, type RunFilterState } from './use-run-filter.ts';

// Needed once a run is chosen.
const RunReplayBar = lazyPart(async () => (await import('./run-replay-bar.tsx')).RunReplayBar);

/** Every run of the workspace, newest first, live. */
export function RunsPage() {
  const state = useRunFilter();
  const runs = useRuns(state.filter);
  const live = useLiveRuns(state.filter);
  const searchInput = useRef<HTMLInputElement>(null);
  useHotkeys({
    '/': () => searchInput.current?.focus(),
    j: () => moveRowFocus(1),
    k: () => moveRowFocus(-1),
  });
  return (
    <>
      <PageHeader title="Runs" aside={<LiveDot state={live} />} actions={<RunActions />}>
        <RunFilterBar state={state} searchInput={searchInput} />
      </PageHeader>
      <RunsBody runs={runs} state={state} />
    </>
  );
}

interface RunsBodyProps {
  runs: ReturnType<typeof useRuns>;
  state: RunFilterState;
}

function RunsBody({ runs, state }: RunsBodyProps) {
  const all = runs.data?.pages.flatMap((page) => page.data) ?? [];
  const mayReplay = useRight('run:replay');
  const selection = useSelection(
    all.map(({ id }) => id),
    JSON.stringify(state.filter),
  );
  const [hasChosen, setHasChosen] = useState(false);
  if (!hasChosen && !isEmpty(selection.selection)) setHasChosen(true);
  if (runs.isPending) return <TableSkeleton rows={10} label="Loading the runs" />;
  if (runs.data === undefined) {
    return (
      <PageProblem
        title="The runs could not be loaded"
        message={messageOf(runs.error)}
        onRetry={() => void runs.refetch()}
        isRetrying={runs.isFetching}
      />
    );
  }
  if (all.length === 0) return <NoRuns state={state} />;
  return (
    <div
      className={cn('flex flex-1 flex-col transition-opacity', runs.isPlaceholderData && 'opacity-60')}
      aria-busy={runs.isPlaceholderData}
    >
      <ExactNote runs={all} state={state} />
      <RunTable runs={all} selection={mayReplay ? selection : null} />
      <LoadMore
        hasMore={runs.hasNextPage}
        isLoading={runs.isFetchingNextPage}
        isFailed={runs.isFetchNextPageError}
        endLabel={`${all.length.toLocaleString('en')} ${all.length === 1 ? 'run' : 'runs'}, all shown`}
        onLoad={() => void runs.fetchNextPage()}
      />
      <div className="flex-1" />
      {hasChosen && (
        <RunReplayBar selection={selection} filter={state.filter} runs={all} hasMore={runs.hasNextPage} />
      )}
    </div>
  );
}

function NoRuns({ state }: { state: RunFilterState }) {
  if (state.isNarrowed) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title="No run matches"
        description="Widen the time, or take a filter away. New runs that match appear here by themselves."
      >
        <Button onClick={state.clear}>Clear the filters</Button>
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={<History aria-hidden />}
        title="No runs yet"
        description="Publish a flow and send something to its webhook, or start one by hand. The run appears here at once."
      >
        <Button variant="primary" nativeButton={false} render={<Link href="/flows" />}>
          Go to the flows
        </Button>
      </EmptyState>
    </div>
  );
}

function RunActions() {
  return (
    <>
      <KeyHints />
      <Button nativeButton={false} render={<Link href="/bulk-actions" />}>
        <ListChecks aria-hidden />
        <span className="max-sm:sr-only">Bulk actions</span>
      </Button>
    </>
  );
}

function KeyHints() {
  return (
    <span className="hidden items-center gap-1.5 text-xs text-subtle-foreground lg:flex">
      <Kbd keys={['J']} />
      <Kbd keys={['K']} /> move
      <Kbd keys={['↵']} className="ml-2" /> open
    </span>
  );
}
