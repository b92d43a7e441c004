'use client';

import { SearchX } from 'lucide-react';
import Link from 'next/link';
import { useEffect } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useLiveRun, useReviewedRun } from '#components/api/runs.ts';
import { loadRunCanvas } from '#components/canvas/lazy-run-canvas.tsx';
import { RecoveryBar } from '#components/recovery/recovery-bar.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

import { RunHeader } from './run-header.tsx';
import { RunPageSkeleton } from './run-page-skeleton.tsx';
import { RunWorkspace } from './run-workspace.tsx';
import { isEnded } from './run-words.ts';
import { useSeenRun } from './seen-run.ts';

/** One run: what happened, step by step, live while it goes on. */
export function RunPage({ id }: { id: string }) {
  useSeenRun();
  useEffect(() => void loadRunCanvas(), []);
  const run = useReviewedRun(id);
  const hasEnded = run.data !== undefined && isEnded(run.data.status);
  const live = useLiveRun(id, hasEnded || run.data === undefined);
  if (run.isPending) return <RunPageSkeleton />;
  if (run.data === undefined) {
    if (run.error instanceof ApiProblem && (run.error.status === 404 || run.error.status === 400))
      return <NoSuchRun />;
    return (
      <PageProblem
        level={1}
        title="The run could not be loaded"
        message={messageOf(run.error)}
        onRetry={() => void run.refetch()}
        isRetrying={run.isFetching}
      />
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <RunHeader run={run.data} live={hasEnded ? null : live} />
      <RecoveryBar run={run.data} />
      <RunWorkspace run={run.data} />
    </div>
  );
}

function NoSuchRun() {
  return (
    <div className="flex flex-1 items-center justify-center">
      <EmptyState
        level={1}
        icon={<SearchX aria-hidden />}
        title="There is no such run"
        description="Its address may be mistyped, or it belongs to another workspace."
      >
        <Button variant="primary" nativeButton={false} render={<Link href="/runs" />}>
          Show all runs
        </Button>
      </EmptyState>
    </div>
  );
}
