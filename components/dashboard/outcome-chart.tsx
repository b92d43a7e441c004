'use client';

import Link from 'next/link';

import type { DashboardView } from '#components/api/stats.ts';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { cn } from '#components/ui/cn.ts';
import type { Dashboard } from '#core/api/stats.ts';

import { ChartCard } from './chart-card.tsx';
import { formatCount, runsHref, spanInWords } from './dashboard-words.ts';
import { moveInChart } from './move-in-chart.ts';
import { PointLink } from './point-link.tsx';

const OUTCOMES = [
  { status: 'failed', label: 'Failed', className: 'bg-danger-fill' },
  { status: 'cancelled', label: 'Cancelled', className: 'bg-neutral-fill' },
  { status: 'succeeded', label: 'Succeeded', className: 'bg-success-fill' },
] as const;

interface Props {
  readonly data: Dashboard;
  readonly view: DashboardView;
}

/** How runs ended: a bar for each part of the time, each the way to its runs. */
export function OutcomeChart({ data, view }: Props) {
  return (
    <ChartCard
      title="Runs by outcome"
      legend={OUTCOMES}
      chart={<Bars data={data} view={view} />}
      table={<OutcomeTable data={data} view={view} />}
    />
  );
}

function endedIn(point: Dashboard['points'][number]): number {
  return point.succeeded + point.failed + point.cancelled;
}

function Bars({ data: { points }, view }: Props) {
  const highest = Math.max(1, ...points.map(endedIn));
  return (
    <>
      <p aria-hidden className="mb-1 text-[0.6875rem] text-muted-foreground tabular-nums">
        {formatCount(highest)}
      </p>
      <div
        role="group"
        aria-label="Runs by outcome; arrow keys go from bar to bar"
        className="flex h-40 items-stretch gap-px border-b border-border"
        onKeyDown={moveInChart}
      >
        {points.map((point, index) => (
          <PointLink
            key={point.from}
            point={point}
            view={view}
            words={outcomesInWords(point)}
            isStop={index === points.length - 1}
            className="flex flex-col justify-end gap-px rounded-t-xs hover:bg-muted"
          >
            {OUTCOMES.map(({ status, className }) => {
              const count = point[status];
              if (count === 0) return null;
              const height = `max(2px, ${(count / highest) * 100}%)`;
              return (
                <span
                  key={status}
                  style={{ height }}
                  className={cn('shrink-0 first:rounded-t-xs', className)}
                />
              );
            })}
          </PointLink>
        ))}
      </div>
      <ChartTimes points={points} view={view} />
    </>
  );
}

/** Under a chart: when it begins and ends. */
export function ChartTimes({ points, view }: { points: Dashboard['points']; view: DashboardView }) {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  return (
    <div
      aria-hidden
      className="mt-1 flex justify-between text-[0.6875rem] text-muted-foreground tabular-nums"
    >
      <span>{spanInWords(first, view.range)}</span>
      <span>{spanInWords(last, view.range)}</span>
    </div>
  );
}

function outcomesInWords({ succeeded, failed, cancelled }: Dashboard['points'][number]): string {
  const parts = [
    `${formatCount(succeeded)} succeeded`,
    `${formatCount(failed)} failed`,
    ...(cancelled > 0 ? [`${formatCount(cancelled)} cancelled`] : []),
  ];
  return parts.join(', ');
}

function OutcomeTable({ data: { points }, view }: Props) {
  return (
    <Table aria-label="Runs by outcome">
      <TableHead>
        <TableRow>
          <TableHeader>Time</TableHeader>
          <TableHeader className="text-right">Accepted</TableHeader>
          <TableHeader className="text-right">Succeeded</TableHeader>
          <TableHeader className="text-right">Failed</TableHeader>
          <TableHeader className="text-right">Cancelled</TableHeader>
          <TableHeader className="text-right">Retries</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {points.toReversed().map((point) => (
          <TableRow key={point.from}>
            <TableCell>{spanInWords(point, view.range)}</TableCell>
            <LinkedCount value={point.accepted} href={runsHref(point, view, 'accepted')} />
            {(['succeeded', 'failed', 'cancelled'] as const).map((status) => (
              <LinkedCount
                key={status}
                value={point[status]}
                href={runsHref(point, { flow: view.flow, status }, 'ended')}
              />
            ))}
            <TableCell className="text-right tabular-nums">{formatCount(point.retries)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** A figure that leads to its runs; none leads nowhere. */
export function LinkedCount({ value, href }: { value: number; href: string }) {
  return (
    <TableCell className={cn('text-right tabular-nums', value === 0 && 'text-subtle-foreground')}>
      {value === 0 ? (
        '0'
      ) : (
        <Link href={href} prefetch={false} className="rounded-sm focus-ring hover:underline">
          {formatCount(value)}
        </Link>
      )}
    </TableCell>
  );
}
