'use client';

import { parseAsString, useQueryState } from 'nuqs';
import { useEffect } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useRunComparison } from '#components/api/compare-runs.ts';
import { useReviewedRun } from '#components/api/runs.ts';
import { loadRunCanvas } from '#components/canvas/lazy-run-canvas.tsx';
import { RunPageSkeleton } from '#components/runs/run-page-skeleton.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';

import { CompareHeader } from './compare-header.tsx';
import { CompareWorkspace } from './compare-workspace.tsx';
import { NothingToCompare } from './nothing-to-compare.tsx';

/** Two runs of a flow side by side: where they part, and which fields differ. */
export function ComparePage({ id }: { id: string }) {
  const [other, setOther] = useQueryState('with', parseAsString.withOptions({ history: 'push' }));
  const comparison = useRunComparison(id, other);
  useEffect(() => void loadRunCanvas(), []);
  const run = useReviewedRun(id);
  if (comparison.isPending) return <RunPageSkeleton />;
  if (comparison.data === undefined || (comparison.isError && !comparison.isFetching)) {
    if (run.data !== undefined)
      return (
        <NothingToCompare
          run={run.data}
          other={other}
          message={messageOf(comparison.error)}
          onChoose={(next) => void setOther(next)}
        />
      );
    return (
      <PageProblem
        level={1}
        title="The runs could not be compared"
        message={messageOf(comparison.error)}
        onRetry={() => void comparison.refetch()}
        isRetrying={comparison.isFetching}
      />
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col" aria-busy={comparison.isPlaceholderData}>
      <CompareHeader
        comparison={comparison.data}
        isLastSuccess={other === null}
        onChoose={(next) => void setOther(next)}
      />
      <CompareWorkspace
        key={`${comparison.data.before.id} ${comparison.data.after.id}`}
        comparison={comparison.data}
      />
    </div>
  );
}
