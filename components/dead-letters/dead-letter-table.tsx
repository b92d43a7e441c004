'use client';

import Link from 'next/link';

import type { SelectionState } from '#components/bulk/use-selection.ts';
import { versionInWords } from '#components/runs/run-words.ts';
import { rowLink } from '#components/shell/row-links.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Time } from '#components/ui/time.tsx';
import type { DeadLetter } from '#core/api/dead-letters.ts';

import { causeInWords } from './cause-words.ts';

export interface DeadLetterTableProps {
  readonly letters: readonly DeadLetter[];
  /** Null: nothing can be chosen. */
  readonly selection: SelectionState | null;
}

/** Dead letters as rows; the whole row opens the run. */
export function DeadLetterTable({ letters, selection }: DeadLetterTableProps) {
  return (
    <Table>
      <TableHead>
        <TableRow>
          {selection !== null && (
            <TableHeader className="w-10 md:first:pl-6">
              <Checkbox
                aria-label="Select all that are shown"
                checked={selection.state === 'all'}
                indeterminate={selection.state === 'some'}
                onCheckedChange={selection.toggleAll}
              />
            </TableHeader>
          )}
          <TableHeader>Run</TableHeader>
          <TableHeader className="hidden lg:table-cell">Step</TableHeader>
          <TableHeader className="hidden md:table-cell">Cause</TableHeader>
          <TableHeader className="hidden sm:table-cell">Failed</TableHeader>
          <TableHeader className="text-right md:last:pr-6">State</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {letters.map((letter) => (
          <LetterRow key={letter.runId} letter={letter} selection={selection} />
        ))}
      </TableBody>
    </Table>
  );
}

function LetterRow({ letter, selection }: { letter: DeadLetter; selection: SelectionState | null }) {
  const isOpen = letter.redrivenAt === null && letter.discardedAt === null;
  return (
    <TableRow className="relative hover:bg-muted/60 has-[a:focus-visible]:bg-muted/60">
      {selection !== null && (
        <TableCell className="w-10 md:first:pl-6">
          <Checkbox
            aria-label={`Select run ${letter.runId.slice(-8)}`}
            disabled={!isOpen}
            checked={isOpen && selection.isSelected(letter.runId)}
            onCheckedChange={() => selection.toggle(letter.runId)}
          />
        </TableCell>
      )}
      <TableCell className="max-w-0 min-w-40 py-2">
        <div className="flex min-w-0 items-baseline gap-2">
          <Link
            href={`/runs/${letter.runId}`}
            {...rowLink}
            title={letter.flowName}
            className="truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
          >
            {letter.flowName}
          </Link>
          <span className="shrink-0 text-xs text-subtle-foreground">{versionInWords(letter.version)}</span>
          <code className="shrink-0 font-mono text-xs text-subtle-foreground" title={letter.runId}>
            …{letter.runId.slice(-8)}
          </code>
        </div>
        <p className="truncate text-xs text-danger" title={letter.error?.message}>
          {letter.error?.message ?? 'The run failed as a whole.'}
        </p>
        <p className="text-xs text-subtle-foreground sm:hidden">
          <Time at={letter.createdAt} />
        </p>
      </TableCell>
      <TableCell className="hidden w-px whitespace-nowrap lg:table-cell">
        <code className="font-mono text-xs text-muted-foreground">{letter.nodeId ?? '–'}</code>
      </TableCell>
      <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground md:table-cell">
        {causeInWords({ errorKind: letter.error?.kind ?? '', cause: letter.cause })}
      </TableCell>
      <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground sm:table-cell">
        <Time at={letter.createdAt} />
      </TableCell>
      <TableCell className="w-px text-right md:last:pr-6">
        <StateBadge letter={letter} />
      </TableCell>
    </TableRow>
  );
}

function StateBadge({ letter }: { letter: DeadLetter }) {
  if (letter.discardedAt !== null) {
    return (
      <Badge tone="outline" title={letter.discardReason ?? undefined}>
        Discarded
      </Badge>
    );
  }
  if (letter.redrivenAt !== null) return <Badge tone="info">Redriven</Badge>;
  return <Badge tone="danger">Open</Badge>;
}
