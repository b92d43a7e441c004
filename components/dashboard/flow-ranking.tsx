'use client';

import Link from 'next/link';

import { Card, CardHeader } from '#components/ui/card.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { Dashboard } from '#core/api/stats.ts';
import type { StatsRange } from '#core/stats/time-points.ts';

import { errorRate, formatCount, formatShare, runsHref, type Span } from './dashboard-words.ts';
import { LinkedCount } from './outcome-chart.tsx';

/** The busiest flows, each the way to its own dashboard. */
export function FlowRanking({
  flows,
  span,
  range,
}: {
  flows: Dashboard['flows'];
  span: Span;
  range: StatsRange;
}) {
  if (flows.length === 0) return null;
  return (
    <Card aria-label="By flow">
      <CardHeader title="By flow" />
      <Table aria-label="By flow" className="border-t border-border">
        <TableHead>
          <TableRow>
            <TableHeader>Flow</TableHeader>
            <TableHeader className="text-right">Accepted</TableHeader>
            <TableHeader className="text-right">Succeeded</TableHeader>
            <TableHeader className="text-right">Failed</TableHeader>
            <TableHeader className="text-right">Error rate</TableHeader>
            <TableHeader className="text-right">Retries</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {flows.map((line) => (
            <TableRow key={line.flow}>
              <TableCell className="max-w-64">
                <Link
                  href={`/dashboard?flow=${encodeURIComponent(line.flow)}&range=${range}`}
                  prefetch={false}
                  className="block truncate rounded-sm font-medium focus-ring hover:underline"
                >
                  {line.flowName}
                </Link>
              </TableCell>
              <LinkedCount value={line.accepted} href={runsHref(span, line, 'accepted')} />
              <LinkedCount
                value={line.succeeded}
                href={runsHref(span, { flow: line.flow, status: 'succeeded' }, 'ended')}
              />
              <LinkedCount
                value={line.failed}
                href={runsHref(span, { flow: line.flow, status: 'failed' }, 'ended')}
              />
              <TableCell className="text-right tabular-nums">{formatShare(errorRate(line))}</TableCell>
              <TableCell className="text-right tabular-nums">{formatCount(line.retries)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}
