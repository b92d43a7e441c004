'use client';

import { ArrowLeftRight, ChevronRight } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

import { startedByInWords, versionInWords } from '#components/runs/run-words.ts';
import { RunDuration } from '#components/runs/run-duration.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Time } from '#components/ui/time.tsx';
import type { RunComparisonReply } from '#core/api/compare-runs.ts';
import type { RunSummary } from '#core/api/runs.ts';

import { compareHref } from './compare-href.ts';
import { RunPicker } from './run-picker.tsx';

export interface CompareHeaderProps {
  readonly comparison: RunComparisonReply;
  /** True where nobody chose the earlier run. */
  readonly isLastSuccess: boolean;
  readonly onChoose: (id: string | null) => void;
}

/** Which two runs, and the choice of another. */
export function CompareHeader({ comparison, isLastSuccess, onChoose }: CompareHeaderProps) {
  const { before, after } = comparison;
  return (
    <header className="shrink-0 border-b border-border bg-background">
      <div className="flex min-h-13 flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2 md:px-6">
        <nav
          aria-label="Breadcrumb"
          className="flex min-w-0 items-center gap-1.5 text-sm text-muted-foreground"
        >
          <Link href="/runs" className="rounded-sm focus-ring hover:text-foreground max-sm:hidden">
            Runs
          </Link>
          <ChevronRight aria-hidden className="size-3.5 shrink-0 max-sm:hidden" />
          <Link
            href={`/runs/${after.id}`}
            className="min-w-0 truncate rounded-sm focus-ring hover:text-foreground"
          >
            {after.flowName}
          </Link>
          <ChevronRight aria-hidden className="size-3.5 shrink-0" />
          <h1 className="text-lg font-semibold tracking-tight whitespace-nowrap text-foreground">Compare</h1>
        </nav>
        <div className="ml-auto flex min-w-0 items-center gap-2 max-sm:ml-0 max-sm:basis-full">
          <span className="text-sm whitespace-nowrap text-muted-foreground max-sm:sr-only">Compare with</span>
          <RunPicker
            flow={after.flow}
            except={after.id}
            value={isLastSuccess ? null : before.id}
            onChoose={onChoose}
          />
        </div>
      </div>
      <div className="grid grid-cols-[1fr_auto_1fr] items-center gap-2 px-4 pb-3 md:px-6">
        <RunCard name={isLastSuccess ? 'Last success' : 'Before'} run={before} />
        <IconButton
          label="Swap the two runs"
          nativeButton={false}
          render={<Link href={compareHref(before.id, after.id)} />}
        >
          <ArrowLeftRight aria-hidden />
        </IconButton>
        <RunCard name="This run" run={after} />
      </div>
    </header>
  );
}

function RunCard({ name, run }: { name: string; run: RunSummary }) {
  return (
    <section
      aria-label={name}
      className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1 rounded-lg border border-border bg-surface px-3 py-2 text-sm"
    >
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium whitespace-nowrap">{name}</span>
        <StatusBadge status={run.status} />
      </span>
      <dl className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1 text-muted-foreground">
        <Fact name="Received">
          <Time at={run.createdAt} exact />
        </Fact>
        <Fact name="Took">
          <RunDuration run={run} />
        </Fact>
        <Fact name="Version">{versionInWords(run.version)}</Fact>
        <Fact name="Started by" isHiddenWhenNarrow>
          {startedByInWords(run.startedBy)}
        </Fact>
      </dl>
      <Link
        href={`/runs/${run.id}`}
        aria-label={`${name}: open run ${run.id}`}
        className="rounded-sm font-mono text-xs text-accent-text focus-ring hover:underline"
      >
        …{run.id.slice(-8)}
      </Link>
    </section>
  );
}

function Fact(props: { name: string; isHiddenWhenNarrow?: boolean; children: ReactNode }) {
  return (
    <div className={props.isHiddenWhenNarrow ? 'flex gap-1.5 max-xl:hidden' : 'flex gap-1.5'}>
      <dt className="text-subtle-foreground max-md:sr-only">{props.name}</dt>
      <dd className="text-foreground tabular-nums">{props.children}</dd>
    </div>
  );
}
