'use client';

import { messageOf } from '#components/api/api-problem.ts';
import { LiveDot } from '#components/runs/live-dot.tsx';
import { PageHeader } from '#components/shell/page-header.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { moveRowFocus } from '#components/shell/row-links.ts';
import { useHotkeys } from '#components/shell/use-hotkeys.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';

import { AttentionCard } from './attention-card.tsx';
import { CalmCard } from './calm-card.tsx';
import { FirstSteps } from './first-steps.tsx';
import { LatestRuns } from './latest-runs.tsx';
import { useAttention, type Attention } from './use-attention.ts';
import { useLiveHome } from './use-live-home.ts';

/** The first page after signing in: what needs somebody, or that nothing does. */
export function HomePage() {
  const live = useLiveHome();
  const attention = useAttention();
  const mayEdit = useRight('flow:edit');
  useHotkeys({ j: () => moveRowFocus(1), k: () => moveRowFocus(-1) });
  return (
    <>
      <PageHeader title="Home" aside={<LiveDot state={live} />} />
      {attention.kinds === undefined && attention.error !== null ? (
        <PageProblem
          title="The overview could not be loaded"
          message={messageOf(attention.error)}
          onRetry={attention.retry}
          isRetrying={attention.isFetching}
        />
      ) : (
        <div className="mx-auto flex w-full max-w-4xl flex-col gap-4 px-4 py-5 md:px-6 md:py-7">
          {mayEdit && <FirstSteps />}
          <AttentionList kinds={attention.kinds} />
          <LatestRuns />
        </div>
      )}
    </>
  );
}

function AttentionList({ kinds }: Pick<Attention, 'kinds'>) {
  if (kinds === undefined) {
    return (
      <div role="status" aria-label="Looking what needs attention" className="flex flex-col gap-4">
        <Skeleton className="h-28 rounded-lg" />
        <Skeleton className="h-28 rounded-lg" />
      </div>
    );
  }
  if (kinds.length === 0) return <CalmCard />;
  return kinds.map((kind) => <AttentionCard key={kind.id} kind={kind} />);
}
