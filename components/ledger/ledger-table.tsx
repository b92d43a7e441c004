import Link from 'next/link';

import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { cn } from '#components/ui/cn.ts';
import type { LedgerLine } from '#core/api/ledger.ts';

import { openRuns } from './ledger-words.ts';

/** The same for each flow, those that were deleted included. */
export function LedgerTable({ flows }: { flows: readonly LedgerLine[] }) {
  if (flows.length === 0) {
    return (
      <p className="px-6 py-8 text-center text-sm text-muted-foreground">
        No flow has accepted anything yet. Publish one and send it an event: it is counted here.
      </p>
    );
  }
  const someRemoved = flows.some(({ removed }) => removed > 0);
  return (
    <Table aria-label="By flow" className="border-t border-border">
      <TableHead>
        <TableRow>
          <TableHeader className="md:first:pl-6">Flow</TableHeader>
          <Heading>Accepted</Heading>
          <Heading>Succeeded</Heading>
          <Heading>Failed</Heading>
          <Heading>Not over</Heading>
          <Heading>Cancelled</Heading>
          {someRemoved && <Heading>Removed</Heading>}
          <Heading>Quarantined</Heading>
          <Heading>Duplicates</Heading>
          <TableHeader className="text-right md:last:pr-6">Drift</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {flows.map((line) => (
          <TableRow key={line.flow ?? ''}>
            <TableCell className="max-w-40 min-w-32 sm:max-w-72 md:first:pl-6">
              <Link
                href={`/runs?flow=${encodeURIComponent(line.flow ?? '')}`}
                title={line.flowName}
                className="block truncate rounded-sm font-medium focus-ring hover:underline"
              >
                {line.flowName}
              </Link>
            </TableCell>
            <Count value={line.accepted} isMain />
            <Count value={line.runs.succeeded} />
            <Count value={line.runs.failed} />
            <Count value={openRuns(line)} />
            <Count value={line.runs.cancelled} />
            {someRemoved && <Count value={line.removed} />}
            <Count value={line.quarantined} />
            <Count value={line.deduplicated} />
            <TableCell
              className={cn(
                'text-right tabular-nums md:last:pr-6',
                line.drift === 0 ? 'text-success' : 'font-semibold text-danger',
              )}
            >
              {line.drift.toLocaleString('en')}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Heading({ children }: { children: string }) {
  return <TableHeader className="text-right">{children}</TableHeader>;
}

function Count({ value, isMain = false }: { value: number; isMain?: boolean }) {
  return (
    <TableCell
      className={cn(
        'text-right tabular-nums',
        isMain && 'font-medium',
        value === 0 && 'text-subtle-foreground',
      )}
    >
      {value.toLocaleString('en')}
    </TableCell>
  );
}
