'use client';

import Link from 'next/link';

import type { DashboardView } from '#components/api/stats.ts';
import { useNow } from '#components/ui/use-now.ts';
import { cn } from '#components/ui/cn.ts';
import type { Dashboard } from '#core/api/stats.ts';

import {
  changeInWords,
  endedPerMinute,
  errorRate,
  formatCount,
  formatMs,
  formatRates,
  formatShare,
  runsHref,
} from './dashboard-words.ts';

interface Tile {
  readonly label: string;
  readonly value: string;
  readonly change: string;
  /** What the time before had. */
  readonly before: string;
  readonly href?: string;
  readonly isBad?: boolean;
}

/** The figures of the whole time, each beside the time before. */
export function StatTiles({ data, view: { flow } }: { data: Dashboard; view: DashboardView }) {
  const nowMs = useNow(60_000);
  return (
    <dl
      aria-label="In this time"
      className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-border bg-border sm:grid-cols-4"
    >
      {tilesOf(data, flow, nowMs).map((tile) => (
        <div key={tile.label} className="flex min-w-0 flex-col gap-0.5 bg-surface px-4 py-3">
          <dt className="truncate text-xs font-medium text-muted-foreground">{tile.label}</dt>
          <dd className="flex flex-col">
            <span
              className={cn('text-xl font-semibold tracking-tight tabular-nums', tile.isBad && 'text-danger')}
            >
              {tile.href === undefined ? (
                tile.value
              ) : (
                <Link href={tile.href} className="rounded-sm focus-ring hover:underline">
                  {tile.value}
                </Link>
              )}
            </span>
            <span className="truncate text-xs text-muted-foreground tabular-nums">
              {tile.change === '' ? 'before: ' : `${tile.change}, before: `}
              {tile.before}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function tilesOf({ total, before, ...span }: Dashboard, flow: string | null, nowMs: number): Tile[] {
  const count = (label: string, of: 'accepted' | 'succeeded' | 'failed' | 'retries'): Tile => ({
    label,
    value: formatCount(total[of]),
    change: changeInWords(total[of], before[of]),
    before: formatCount(before[of]),
  });
  const time = (label: string, of: (stats: Dashboard['total']) => number | null): Tile => ({
    label,
    value: formatMs(of(total)),
    change: changeInWords(of(total), of(before)),
    before: formatMs(of(before)),
  });
  const failures = errorRate(total);
  const failuresBefore = errorRate(before);
  const length = Date.parse(span.to) - Date.parse(span.from);
  const earlier = { from: new Date(Date.parse(span.from) - length).toISOString(), to: span.from };
  const [rate, rateBefore] = formatRates(
    endedPerMinute(total, span, nowMs),
    endedPerMinute(before, earlier, nowMs),
  );
  return [
    { ...count('Events accepted', 'accepted'), href: runsHref(span, { flow }, 'accepted') },
    { ...count('Succeeded', 'succeeded'), href: runsHref(span, { flow, status: 'succeeded' }, 'ended') },
    {
      ...count('Failed (dead letters)', 'failed'),
      href: runsHref(span, { flow, status: 'failed' }, 'ended'),
      isBad: total.failed > 0,
    },
    {
      label: 'Error rate',
      value: formatShare(failures),
      change: '',
      before: formatShare(failuresBefore),
      isBad: failures !== null && failures > 0.01,
    },
    {
      label: 'Throughput',
      value: rate,
      change: '',
      before: rateBefore,
    },
    time('Run time, p95', ({ runTimeMs }) => runTimeMs.p95),
    time('To the first step, p95', ({ toFirstStepMs }) => toFirstStepMs.p95),
    count('Retries', 'retries'),
  ];
}
