'use client';

import { ChartColumn } from 'lucide-react';
import Link from 'next/link';

import { messageOf } from '#components/api/api-problem.ts';
import { useDashboard, type DashboardView } from '#components/api/stats.ts';
import { FlowFilter } from '#components/runs/flow-filter.tsx';
import { PageHeader } from '#components/shell/page-header.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import { useNow } from '#components/ui/use-now.ts';
import type { Dashboard } from '#core/api/stats.ts';

import { FlowRanking } from './flow-ranking.tsx';
import { HealthCard } from './health-card.tsx';
import { NowCard } from './now-card.tsx';
import { OutcomeChart } from './outcome-chart.tsx';
import { RangeChoice } from './range-choice.tsx';
import { StatTiles } from './stat-tiles.tsx';
import { StepTimes } from './step-times.tsx';
import { TimeChart } from './time-chart.tsx';
import { useDashboardView } from './use-dashboard-view.ts';

/** What the workspace, or one flow, did and how fast; over an hour to 90 days, beside the time before. */
export function DashboardPage() {
  const { view, setView } = useDashboardView();
  const stats = useDashboard(view);
  return (
    <>
      <PageHeader title="Dashboard" actions={<CountedUntil at={stats.data?.countedUntil ?? null} />}>
        <div className="flex flex-wrap items-center gap-2 px-4 pb-2.5 md:px-6">
          <RangeChoice value={view.range} onChange={(range) => void setView({ range })} />
          <FlowFilter value={view.flow} onChange={(flow) => void setView({ flow })} />
        </div>
      </PageHeader>
      {stats.isPending ? (
        <DashboardSkeleton />
      ) : stats.data === undefined ? (
        <PageProblem
          title="The dashboard could not be loaded"
          message={messageOf(stats.error)}
          onRetry={() => void stats.refetch()}
          isRetrying={stats.isFetching}
        />
      ) : (
        <div
          className={cn('transition-opacity', stats.isPlaceholderData && 'opacity-60')}
          aria-busy={stats.isPlaceholderData}
        >
          <DashboardBody data={stats.data} view={view} />
        </div>
      )}
    </>
  );
}

function DashboardBody({ data, view }: { data: Dashboard; view: DashboardView }) {
  if (!hasAnything(data)) return <NothingYet />;
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-4 px-4 py-5 md:px-6">
      <StatTiles data={data} view={view} />
      <OutcomeChart data={data} view={view} />
      <TimeChart data={data} view={view} />
      <div className="grid gap-4 lg:grid-cols-2">
        <NowCard now={data.now} flow={view.flow} />
        <HealthCard />
      </div>
      {view.flow === null ? (
        <FlowRanking flows={data.flows} span={data} range={view.range} />
      ) : (
        <StepTimes steps={data.steps} flow={view.flow} />
      )}
    </div>
  );
}

function hasAnything({ total, before, now }: Dashboard): boolean {
  const sum = (stats: Dashboard['total']) =>
    stats.accepted + stats.succeeded + stats.failed + stats.cancelled;
  return sum(total) + sum(before) + now.due + now.running + now.waiting + now.inDoubt > 0;
}

function NothingYet() {
  return (
    <EmptyState
      icon={<ChartColumn aria-hidden />}
      title="Nothing ran in this time"
      description="Choose a longer time, or send an event to a published flow: it is counted here within seconds."
    >
      <Button variant="primary" nativeButton={false} render={<Link href="/flows" />}>
        Go to the flows
      </Button>
    </EmptyState>
  );
}

const LATE_MS = 5 * 60_000;

/** Said only while older runs are still being counted, as after an upgrade. */
function CountedUntil({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null || now - Date.parse(at) < LATE_MS) return null;
  return (
    <span role="status" className="text-xs text-muted-foreground">
      Counting older runs, up to <Time at={at} exact /> so far
    </span>
  );
}

function DashboardSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the dashboard"
      className="mx-auto flex w-full max-w-6xl flex-col gap-4 px-4 py-5 md:px-6"
    >
      <Skeleton className="h-24 rounded-lg" />
      <Skeleton className="h-56 rounded-lg" />
      <Skeleton className="h-48 rounded-lg" />
    </div>
  );
}
