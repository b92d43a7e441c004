'use client';

import { useState } from 'react';

import type { DashboardView } from '#components/api/stats.ts';
import { Select } from '#components/ui/select.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { Dashboard } from '#core/api/stats.ts';

import { ChartCard } from './chart-card.tsx';
import { formatMs, spanInWords } from './dashboard-words.ts';
import { moveInChart } from './move-in-chart.ts';
import { ChartTimes } from './outcome-chart.tsx';
import { PointLink } from './point-link.tsx';
import { pathOf } from './time-path.ts';

const LINES = [
  { rank: 'p99', label: 'p99', className: 'bg-warning-fill', stroke: 'var(--warning-fill)' },
  { rank: 'p95', label: 'p95', className: 'bg-info-fill', stroke: 'var(--info-fill)' },
  { rank: 'p50', label: 'p50', className: 'bg-success-fill', stroke: 'var(--success-fill)' },
] as const;

type Measure = 'runTimeMs' | 'toFirstStepMs';
const MEASURES = [
  { value: 'runTimeMs', label: 'Run time' },
  { value: 'toFirstStepMs', label: 'Accepted to first step' },
] as const;

interface Props {
  readonly data: Dashboard;
  readonly view: DashboardView;
}

/** How long runs took, or waited: the 50th, 95th and 99th percentile of each part of the time. */
export function TimeChart({ data, view }: Props) {
  const [measure, setMeasure] = useState<Measure>('runTimeMs');
  return (
    <ChartCard
      title="How long it took"
      legend={LINES}
      chart={
        <>
          <Select
            aria-label="What is measured"
            size="sm"
            className="mb-3 w-48"
            options={MEASURES}
            value={measure}
            onValueChange={setMeasure}
          />
          <Lines data={data} view={view} measure={measure} />
        </>
      }
      table={<TimeTable data={data} view={view} />}
    />
  );
}

function Lines({ data: { points }, view, measure }: Props & { readonly measure: Measure }) {
  const highest = Math.max(1, ...points.map((point) => point[measure].p99 ?? 0));
  return (
    <>
      <p aria-hidden className="mb-1 text-[0.6875rem] text-muted-foreground tabular-nums">
        {formatMs(highest)}
      </p>
      <div className="relative h-32 border-b border-border">
        <svg
          aria-hidden
          className="absolute inset-0 size-full overflow-visible"
          viewBox={`0 0 ${points.length} 1`}
          preserveAspectRatio="none"
        >
          {LINES.map(({ rank, stroke }) => (
            <path
              key={rank}
              d={pathOf(
                points.map((point) => point[measure][rank]),
                highest,
              )}
              fill="none"
              stroke={stroke}
              strokeWidth={1.5}
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </svg>
        <div
          role="group"
          aria-label="How long it took; arrow keys go from part to part"
          className="absolute inset-0 flex"
          onKeyDown={moveInChart}
        >
          {points.map((point, index) => {
            const { p50, p95, p99 } = point[measure];
            const times =
              p50 === null
                ? 'nothing ended'
                : `p50 ${formatMs(p50)}, p95 ${formatMs(p95)}, p99 ${formatMs(p99)}`;
            return (
              <PointLink
                key={point.from}
                point={point}
                view={view}
                words={times}
                isStop={index === points.length - 1}
                className="rounded-xs hover:bg-muted/60"
              />
            );
          })}
        </div>
      </div>
      <ChartTimes points={points} view={view} />
    </>
  );
}

function TimeTable({ data: { points }, view }: Props) {
  const columns = MEASURES.flatMap(({ value, label }) =>
    (['p50', 'p95', 'p99'] as const).map((rank) => ({ measure: value, rank, label: `${label}, ${rank}` })),
  );
  return (
    <Table aria-label="How long it took">
      <TableHead>
        <TableRow>
          <TableHeader>Time</TableHeader>
          {columns.map(({ label }) => (
            <TableHeader key={label} className="text-right">
              {label}
            </TableHeader>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {points.toReversed().map((point) => (
          <TableRow key={point.from}>
            <TableCell>{spanInWords(point, view.range)}</TableCell>
            {columns.map(({ label, measure, rank }) => (
              <TableCell key={label} className="text-right tabular-nums">
                {formatMs(point[measure][rank])}
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
