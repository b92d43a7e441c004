'use client';

import Link from 'next/link';

import { Card, CardHeader } from '#components/ui/card.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { Dashboard } from '#core/api/stats.ts';

import { formatCount, formatMs } from './dashboard-words.ts';

/** How long each step of the flow took, slowest first. A step that waits, for a person or for a retry, takes as long. */
export function StepTimes({ steps, flow }: { steps: Dashboard['steps']; flow: string }) {
  if (steps.length === 0) return null;
  return (
    <Card aria-label="By step">
      <CardHeader
        title="By step"
        description="From a step's first start to its end, retries and waiting included; slowest first."
        actions={
          <Link
            href={`/flows/${encodeURIComponent(flow)}`}
            className="rounded-sm text-sm font-medium text-accent-text focus-ring hover:underline"
          >
            Open the flow
          </Link>
        }
      />
      <Table aria-label="By step" className="border-t border-border">
        <TableHead>
          <TableRow>
            <TableHeader>Step</TableHeader>
            <TableHeader className="text-right">Times</TableHeader>
            <TableHeader className="text-right">p50</TableHeader>
            <TableHeader className="text-right">p95</TableHeader>
            <TableHeader className="text-right">p99</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {steps.map(({ nodeId, label, times, timeMs }) => (
            <TableRow key={nodeId}>
              <TableCell className="max-w-64 truncate font-medium">{label}</TableCell>
              <TableCell className="text-right tabular-nums">{formatCount(times)}</TableCell>
              <TableCell className="text-right tabular-nums">{formatMs(timeMs.p50)}</TableCell>
              <TableCell className="text-right tabular-nums">{formatMs(timeMs.p95)}</TableCell>
              <TableCell className="text-right tabular-nums">{formatMs(timeMs.p99)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}
