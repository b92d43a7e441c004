'use client';

import { Waypoints } from 'lucide-react';

import { messageOf } from '#components/api/api-problem.ts';
import { useDrift } from '#components/api/drift.ts';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

import { FlowDrift } from './flow-drift.tsx';

/** The changes, a card for each flow. */
export function DriftChanges({ flow }: { flow: string | null }) {
  const drift = useDrift(flow);
  if (drift.isPending) return <TableSkeleton rows={3} label="Loading what changed" />;
  if (drift.data === undefined) {
    return (
      <PageProblem
        title="What changed could not be loaded"
        message={messageOf(drift.error)}
        onRetry={() => void drift.refetch()}
        isRetrying={drift.isFetching}
      />
    );
  }
  const byFlow = Map.groupBy(drift.data.data, (change) => change.flow);
  if (byFlow.size === 0) {
    return (
      <Card>
        <EmptyState
          icon={<Waypoints aria-hidden />}
          title="Everything looks as before"
          description="Patchbay learns from 50 events what a flow gets. When a field then goes missing, turns null or changes its type, it is shown here, with each setting that reads it."
        />
      </Card>
    );
  }
  return (
    <>
      {[...byFlow].map(([slug, changes]) => (
        <FlowDrift key={slug} changes={changes} />
      ))}
    </>
  );
}
