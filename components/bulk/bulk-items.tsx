'use client';

import Link from 'next/link';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { isMoving, useBulkItems } from '#components/api/bulk-actions.ts';
import { LoadMore } from '#components/shell/load-more.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Tab, Tabs, TabsList } from '#components/ui/tabs.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Time } from '#components/ui/time.tsx';
import type { BulkAction, BulkItem } from '#core/api/bulk-actions.ts';

type Shown = BulkItem['status'] | 'all';

const TABS: readonly { readonly value: Shown; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'done', label: 'Done' },
  { value: 'failed', label: 'Failed' },
  { value: 'skipped', label: 'Skipped' },
  { value: 'pending', label: 'To come' },
];

/** The runs of an action in its order, and what came of each. Failures are looked at first. */
export function BulkItems({ action }: { action: BulkAction }) {
  const { counts } = action;
  const [chosen, setChosen] = useState<Shown | null>(null);
  const shown = chosen ?? (counts.failed > 0 ? 'failed' : 'all');
  const items = useBulkItems(action.id, shown, isMoving(action));
  return (
    <div className="shrink-0">
      <Tabs value={shown} onValueChange={(value: Shown) => setChosen(value)}>
        <TabsList className="px-4 md:px-6" aria-label="Runs shown">
          {TABS.map(({ value, label }) => (
            <Tab key={value} value={value}>
              {label}
              <span className="text-xs text-subtle-foreground tabular-nums">
                {(value === 'all' ? action.total : counts[value]).toLocaleString('en')}
              </span>
            </Tab>
          ))}
        </TabsList>
      </Tabs>
      <Items items={items} />
    </div>
  );
}

function Items({ items }: { items: ReturnType<typeof useBulkItems> }) {
  if (items.isPending) return <TableSkeleton rows={6} label="Loading the runs" />;
  if (items.data === undefined) {
    return (
      <PageProblem
        title="The runs could not be loaded"
        message={messageOf(items.error)}
        onRetry={() => void items.refetch()}
        isRetrying={items.isFetching}
      />
    );
  }
  const all = items.data.pages.flatMap((page) => page.data);
  if (all.length === 0) return <p className="px-6 py-12 text-center text-sm text-muted-foreground">None.</p>;
  const noun = all[0]?.runId === null ? 'event' : 'run';
  return (
    <>
      <Table>
        <TableHead>
          <TableRow>
            <TableHeader className="w-16 text-right md:first:pl-6">#</TableHeader>
            <TableHeader>{noun === 'event' ? 'Event' : 'Run'}</TableHeader>
            <TableHeader>Became</TableHeader>
            <TableHeader className="hidden text-right sm:table-cell md:last:pr-6">When</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {all.map((item) => (
            <ItemRow key={item.position} item={item} />
          ))}
        </TableBody>
      </Table>
      <LoadMore
        hasMore={items.hasNextPage}
        isLoading={items.isFetchingNextPage}
        isFailed={items.isFetchNextPageError}
        endLabel={`${all.length.toLocaleString('en')} ${all.length === 1 ? noun : `${noun}s`}, all shown`}
        onLoad={() => void items.fetchNextPage()}
      />
    </>
  );
}

function ItemRow({ item }: { item: BulkItem }) {
  return (
    <TableRow>
      <TableCell className="w-16 text-right text-muted-foreground tabular-nums md:first:pl-6">
        {item.position.toLocaleString('en')}
      </TableCell>
      <TableCell className="max-w-0 min-w-40">
        {item.runId === null ? (
          <span className="font-mono text-xs text-muted-foreground">…{item.eventId?.slice(-8)}</span>
        ) : (
          <RunLink id={item.runId} />
        )}
        {item.message !== null && (
          <p
            className={
              item.status === 'failed'
                ? 'text-xs break-words text-danger'
                : 'text-xs break-words text-muted-foreground'
            }
          >
            {item.message}
          </p>
        )}
      </TableCell>
      <TableCell>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Outcome item={item} />
          {item.resultRunId !== null && item.resultRunId !== item.runId && <RunLink id={item.resultRunId} />}
        </span>
      </TableCell>
      <TableCell className="hidden w-px text-right whitespace-nowrap text-muted-foreground sm:table-cell md:last:pr-6">
        {item.doneAt !== null && <Time at={item.doneAt} />}
      </TableCell>
    </TableRow>
  );
}

function Outcome({ item: { status, resultStatus } }: { item: BulkItem }) {
  if (status === 'failed') return <Badge tone="danger">Could not be done</Badge>;
  if (status === 'skipped') return <Badge tone="outline">Skipped</Badge>;
  if (status === 'pending') return <Badge tone="neutral">To come</Badge>;
  return resultStatus === null ? <Badge tone="success">Done</Badge> : <StatusBadge status={resultStatus} />;
}

function RunLink({ id }: { id: string }) {
  return (
    <Link
      href={`/runs/${id}`}
      aria-label={`Run ${id}`}
      className="rounded-sm font-mono text-xs text-accent-text focus-ring hover:underline"
    >
      …{id.slice(-8)}
    </Link>
  );
}
