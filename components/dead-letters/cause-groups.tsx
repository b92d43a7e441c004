'use client';

import { messageOf } from '#components/api/api-problem.ts';
import { deadLetterFilter } from '#components/api/dead-letter-filter.ts';
import { useDeadLetterGroups } from '#components/api/dead-letters.ts';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import type { DeadLetterFilter, DeadLetterGroup } from '#core/api/dead-letters.ts';

import type { DeadLetterActions } from './dead-letter-actions.ts';
import { GroupList } from './group-list.tsx';
import { NoDeadLetters } from './no-dead-letters.tsx';
import type { DeadLetterViewState } from './use-dead-letter-view.ts';

/** Open dead letters, put together by flow, step and cause. */
export function CauseGroups({ state, actions }: { state: DeadLetterViewState; actions: DeadLetterActions }) {
  const groups = useDeadLetterGroups(state.view);
  const mayAct = useRight('run:replay');
  if (groups.isPending) return <TableSkeleton rows={4} label="Loading the dead letters" />;
  if (groups.data === undefined) {
    return (
      <PageProblem
        title="The dead letters could not be loaded"
        message={messageOf(groups.error)}
        onRetry={() => void groups.refetch()}
        isRetrying={groups.isFetching}
      />
    );
  }
  const { data } = groups.data;
  if (data.length === 0) return <NoDeadLetters state={state} />;
  // A group is acted on as it is shown: within the time that the page is narrowed to.
  const filterOf = (group: DeadLetterGroup): DeadLetterFilter => {
    const { flow, nodeId, errorKind, cause } = group;
    return deadLetterFilter(
      { ...state.view, flow, nodeId: nodeId ?? '', errorKind, cause, q: undefined },
      Date.now(),
    );
  };
  return (
    <GroupList
      groups={data}
      mayAct={mayAct}
      onRedrive={(group) => actions.redrive(filterOf(group))}
      onDiscard={(group) => actions.discard(filterOf(group))}
    />
  );
}
