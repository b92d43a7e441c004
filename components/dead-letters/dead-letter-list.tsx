'use client';

import { Archive, Play } from 'lucide-react';

import { messageOf } from '#components/api/api-problem.ts';
import { deadLetterFilter } from '#components/api/dead-letter-filter.ts';
import { useDeadLetters } from '#components/api/dead-letters.ts';
import { isEmpty } from '#components/bulk/selection.ts';
import { SelectionBar } from '#components/bulk/selection-bar.tsx';
import { useSelection } from '#components/bulk/use-selection.ts';
import { LoadMore } from '#components/shell/load-more.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import type { DeadLetterFilter } from '#core/api/dead-letters.ts';

import type { DeadLetterActions } from './dead-letter-actions.ts';
import { DeadLetterTable } from './dead-letter-table.tsx';
import { GroupSummary } from './group-summary.tsx';
import { NoDeadLetters } from './no-dead-letters.tsx';
import type { DeadLetterViewState } from './use-dead-letter-view.ts';

/** Dead letters one by one, to choose from. */
export function DeadLetterList(props: { state: DeadLetterViewState; actions: DeadLetterActions }) {
  const { state, actions } = props;
  const letters = useDeadLetters(state.view);
  const mayAct = useRight('run:replay');
  const all = letters.data?.pages.flatMap((page) => page.data) ?? [];
  const open = all.filter(({ redrivenAt, discardedAt }) => redrivenAt === null && discardedAt === null);
  const selection = useSelection(
    open.map(({ runId }) => runId),
    JSON.stringify(state.view),
  );
  const matching = (): DeadLetterFilter => deadLetterFilter(state.view, Date.now());
  const chosen = (): DeadLetterFilter =>
    selection.selection.isAll ? matching() : { runIds: [...selection.selection.ids] };

  if (letters.isPending) return <TableSkeleton rows={8} label="Loading the dead letters" />;
  if (letters.data === undefined) {
    return (
      <PageProblem
        title="The dead letters could not be loaded"
        message={messageOf(letters.error)}
        onRetry={() => void letters.refetch()}
        isRetrying={letters.isFetching}
      />
    );
  }
  const hasAll = mayAct && open.length > 0 && state.view.state !== 'all';
  return (
    <>
      {state.isGroup && (
        <GroupSummary view={state.view}>
          {hasAll && isEmpty(selection.selection) && (
            <>
              <Button onClick={() => actions.discard(matching())}>
                <Archive aria-hidden />
                Discard all…
              </Button>
              <Button variant="primary" onClick={() => actions.redrive(matching())}>
                <Play aria-hidden />
                Redrive all…
              </Button>
            </>
          )}
        </GroupSummary>
      )}
      {all.length === 0 ? (
        <NoDeadLetters state={state} />
      ) : (
        <div
          className={cn('flex flex-1 flex-col', letters.isPlaceholderData && 'opacity-60')}
          aria-busy={letters.isPlaceholderData}
        >
          <DeadLetterTable letters={all} selection={mayAct ? selection : null} />
          <LoadMore
            hasMore={letters.hasNextPage}
            isLoading={letters.isFetchingNextPage}
            isFailed={letters.isFetchNextPageError}
            endLabel={`${all.length.toLocaleString('en')} ${all.length === 1 ? 'dead letter' : 'dead letters'}, all shown`}
            onLoad={() => void letters.fetchNextPage()}
          />
          <div className="flex-1" />
          <SelectionBar state={selection} hasMore={letters.hasNextPage} noun="dead letters">
            <Button onClick={() => actions.discard(chosen())}>
              <Archive aria-hidden />
              Discard…
            </Button>
            <Button variant="primary" onClick={() => actions.redrive(chosen())}>
              <Play aria-hidden />
              Redrive…
            </Button>
          </SelectionBar>
        </div>
      )}
    </>
  );
}
