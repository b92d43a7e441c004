'use client';

import { ChevronRight, GitCompareArrows, PencilRuler } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

import type { StreamState } from '#components/api/event-source.ts';
import { compareHref } from '#components/compare/compare-href.ts';
import { SaveAsTest } from '#components/flow-tests/save-as-test.tsx';
import { ReplayButton } from '#components/recovery/replay-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { formatDuration, msBetween } from '#components/ui/format-duration.ts';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Time } from '#components/ui/time.tsx';
import { useNow } from '#components/ui/use-now.ts';
import type { Run, Step } from '#core/api/runs.ts';

import { BusinessKeyChip } from './business-key-chip.tsx';
import { CancelRunButton } from './cancel-run-button.tsx';
import { CompensationBadge } from './compensation-badge.tsx';
import { LiveDot } from './live-dot.tsx';
import { RunDuration } from './run-duration.tsx';
import { isEnded, startedByInWords, timesInWords, versionInWords } from './run-words.ts';

/** Which run it is, how it stands, and what can be done with the whole of it. `live` null: it has ended. */
export function RunHeader({ run, live }: { run: Run; live: StreamState | null }) {
  return (
    <header className="sticky top-0 z-20 shrink-0 border-b border-border bg-background/95 backdrop-blur-sm">
      <div className="flex min-h-13 items-center gap-x-3 gap-y-1.5 px-4 py-2 max-sm:flex-wrap md:px-6">
        <nav
          aria-label="Breadcrumb"
          className="flex min-w-0 items-center gap-1.5 text-muted-foreground max-sm:basis-full"
        >
          <Link href="/runs" className="rounded-sm text-sm focus-ring hover:text-foreground max-sm:hidden">
            Runs
          </Link>
          <ChevronRight aria-hidden className="size-3.5 shrink-0 max-sm:hidden" />
          <h1
            className="min-w-0 truncate text-lg font-semibold tracking-tight text-foreground"
            title={run.flowName}
          >
            {run.flowName}
          </h1>
        </nav>
        <StatusBadge status={run.status} waitingFor={waitOf(run)} />
        <BusinessKeyChip businessKey={run.businessKey} />
        <CompensationBadge compensation={run.compensation} />
        {live !== null && <LiveDot state={live} />}
        <div className="ml-auto flex shrink-0 items-center gap-2">
          {isEnded(run.status) ? (
            run.status !== 'failed' && <ReplayButton run={run} />
          ) : (
            <CancelRunButton run={run} />
          )}
          <Button
            nativeButton={false}
            title="Compare with the last success, or another run"
            render={<Link href={compareHref(run.id)} />}
          >
            <GitCompareArrows aria-hidden />
            <span className="max-sm:sr-only">Compare</span>
          </Button>
          {isEnded(run.status) && <SaveAsTest run={run} />}
          <Button nativeButton={false} render={<Link href={`/flows/${run.flow}?run=${run.id}`} />}>
            <PencilRuler aria-hidden />
            <span className="max-sm:sr-only">Open the flow</span>
          </Button>
        </div>
      </div>
      <dl className="flex items-center gap-x-6 gap-y-1 overflow-x-auto px-4 pb-2.5 text-sm whitespace-nowrap md:px-6">
        <Fact name="Version">{versionInWords(run.version)}</Fact>
        <Fact name="Started by">{startedByInWords(run.startedBy)}</Fact>
        <Fact name="Received">
          <Time at={run.createdAt} exact />
        </Fact>
        <Fact name="In queue">
          <QueueTime run={run} />
        </Fact>
        <Fact name="Took">
          <RunDuration run={run} />
        </Fact>
        {run.nextAttemptAt !== null && (
          <Fact name={NEXT_NAMES[waitOf(run) ?? 'retry']}>
            <Time at={run.nextAttemptAt} upcoming />
          </Fact>
        )}
        {run.businessKey?.fault != null && (
          <Fact name={`No ${run.businessKey.name}`}>
            <span className="text-warning">{run.businessKey.fault}</span>
          </Fact>
        )}
        {run.replayOf !== null && <RunFact name="Replay of" ids={[run.replayOf]} />}
        {run.replays.length > 0 && <RunFact name="Replayed as" ids={run.replays} />}
        {run.resumes > 0 && <Fact name="Resumed">{timesInWords(run.resumes)}</Fact>}
        {run.parent !== null && <RunFact name="Called by" ids={[run.parent.runId]} />}
        {run.failureOf !== null && <RunFact name="Deals with the failure of" ids={[run.failureOf]} />}
        {run.failureRunId !== null && <RunFact name="Failure dealt with by" ids={[run.failureRunId]} />}
        <Fact name="Run">
          <IdWithCopy id={run.id} label="Copy run id" />
        </Fact>
        {run.eventId !== null && (
          <Fact name="Event">
            <IdWithCopy id={run.eventId} label="Copy event id" />
          </Fact>
        )}
      </dl>
    </header>
  );
}

/** The way to another run, or to several. The end of an id tells runs of the same minute apart. */
function RunFact({ name, ids }: { name: string; ids: readonly string[] }) {
  return (
    <Fact name={name}>
      <span className="flex gap-2">
        {ids.map((each) => (
          <Link
            key={each}
            href={`/runs/${each}`}
            aria-label={`${name}: run ${each}`}
            className="rounded-sm font-mono text-xs text-accent-text focus-ring hover:underline"
          >
            …{each.slice(-8)}
          </Link>
        ))}
      </span>
    </Fact>
  );
}

/** What the header calls the time at which a waiting run goes on. */
const NEXT_NAMES = {
  retry: 'Next attempt',
  time: 'Goes on',
  approval: 'Expires',
  call: 'Goes on',
  breaker: 'Tried again',
  budget: 'Goes on',
  connection: 'Looks again',
} as const;

/** What a waiting run waits for, where all of its waiting steps outside of loops wait for the same. */
function waitOf(run: Run): Step['waitingFor'] {
  if (run.status !== 'waiting') return null;
  const kinds = new Set(run.steps.flatMap(({ waitingFor }) => waitingFor ?? []));
  return kinds.size === 1 ? ([...kinds][0] ?? null) : null;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex h-7 items-center gap-1.5">
      <dt className="text-subtle-foreground">{name}</dt>
      <dd className="flex items-center tabular-nums">{children}</dd>
    </div>
  );
}

/** From the event's arrival until a worker took the run. */
function QueueTime({ run }: { run: Run }) {
  const now = useNow(run.startedAt === null ? 1_000 : 60_000);
  if (run.startedAt === null && isEnded(run.status)) return <span>–</span>;
  return <span>{formatDuration(msBetween(run.createdAt, run.startedAt, now))}</span>;
}

/** The end of an id tells runs of the same minute apart; its beginning is the time. */
function IdWithCopy({ id, label }: { id: string; label: string }) {
  return (
    <>
      <code className="font-mono text-xs" title={id}>
        …{id.slice(-8)}
      </code>
      <CopyButton text={id} label={label} />
    </>
  );
}
