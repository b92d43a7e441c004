'use client';

import Link from 'next/link';

import type { SelectionState } from '#components/bulk/use-selection.ts';
import { rowLink } from '#components/shell/row-links.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Time } from '#components/ui/time.tsx';
import type { RunSummary } from '#core/api/runs.ts';

import { BusinessKeyChip } from './business-key-chip.tsx';
import { CompensationBadge } from './compensation-badge.tsx';
import { RunDuration } from './run-duration.tsx';
import { startedByInWords, versionInWords } from './run-words.ts';

/** The runs as rows; the whole row opens the run. */
export function RunTable({
  runs,
  selection,
}: {
  runs: readonly RunSummary[];
  /** Null: nothing can be chosen. */
  selection: SelectionState | null;
}) {
  return (
    <div>
      <Table>
        <TableHead>
          <TableRow>
            {selection !== null && (
              <TableHeader className="w-10 max-sm:hidden md:first:pl-6">
                <Checkbox
                  aria-label="Select all that are shown"
                  checked={selection.state === 'all'}
                  indeterminate={selection.state === 'some'}
                  onCheckedChange={selection.toggleAll}
                />
              </TableHeader>
            )}
            <TableHeader className="w-32 max-sm:w-px md:first:pl-6">Status</TableHeader>
            <TableHeader>Flow</TableHeader>
            <TableHeader className="hidden lg:table-cell">Started by</TableHeader>
            <TableHeader className="hidden sm:table-cell">Started</TableHeader>
            <TableHeader className="text-right md:last:pr-6">Duration</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {runs.map((run) => (
            <RunRow key={run.id} run={run} selection={selection} />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function RunRow({ run, selection }: { run: RunSummary; selection: SelectionState | null }) {
  return (
    <TableRow className="relative hover:bg-muted/60 has-[a:focus-visible]:bg-muted/60">
      {selection !== null && (
        <TableCell className="w-10 max-sm:hidden md:first:pl-6">
          <Checkbox
            aria-label={`Select run ${run.id.slice(-8)}`}
            checked={selection.isSelected(run.id)}
            onCheckedChange={() => selection.toggle(run.id)}
          />
        </TableCell>
      )}
      <TableCell className="w-32 max-sm:w-px md:first:pl-6">
        <StatusBadge status={run.status} />
      </TableCell>
      <TableCell className="max-w-0 min-w-32">
        {/* On narrow windows what the run is about has a line of its own, instead of the few letters that a name leaves it. */}
        <div className="flex min-w-0 items-baseline gap-x-2 gap-y-0.5 max-sm:flex-wrap">
          <Link
            href={`/runs/${run.id}`}
            {...rowLink}
            title={run.flowName}
            className="truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
          >
            {run.flowName}
          </Link>
          <span className="shrink-0 text-xs text-subtle-foreground">{versionInWords(run.version)}</span>
          <BusinessKeyChip businessKey={run.businessKey} />
          <CompensationBadge compensation={run.compensation} />
        </div>
        <RunNote run={run} />
      </TableCell>
      <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground lg:table-cell">
        {startedByInWords(run.startedBy)}
      </TableCell>
      <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground sm:table-cell">
        <Time at={run.createdAt} />
      </TableCell>
      <TableCell className="w-px text-right whitespace-nowrap tabular-nums md:last:pr-6">
        <RunDuration run={run} />
      </TableCell>
    </TableRow>
  );
}

/** Under the name: why it failed, or what it waits for. On narrow windows the time, which has no column there. */
function RunNote({ run }: { run: RunSummary }) {
  return (
    <div className="min-w-0 text-xs">
      {run.error !== null && (
        <p className="truncate text-danger" title={run.error.message}>
          {run.error.message}
        </p>
      )}
      {run.nextAttemptAt !== null && (
        <p className="truncate text-warning">
          Goes on <Time at={run.nextAttemptAt} upcoming /> at the latest
        </p>
      )}
      <p className="text-subtle-foreground sm:hidden">
        <Time at={run.createdAt} />
      </p>
    </div>
  );
}
