'use client';

import { ListChecks } from 'lucide-react';
import Link from 'next/link';

import { messageOf } from '#components/api/api-problem.ts';
import { useBulkActions } from '#components/api/bulk-actions.ts';
import { LoadMore } from '#components/shell/load-more.tsx';
import { PageHeader } from '#components/shell/page-header.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Time } from '#components/ui/time.tsx';
import type { BulkAction } from '#core/api/bulk-actions.ts';

import { percentOf, standingOf, titleOf } from './bulk-words.ts';

/** Every bulk action of the workspace, newest first: each is a record that can be opened again. */
export function BulkActionsPage() {
  return (
    <>
      <PageHeader title="Bulk actions" />
      <BulkActionsBody />
    </>
  );
}

function BulkActionsBody() {
  const actions = useBulkActions();
  if (actions.isPending) return <TableSkeleton rows={4} label="Loading the bulk actions" />;
  if (actions.data === undefined) {
    return (
      <PageProblem
        title="The bulk actions could not be loaded"
        message={messageOf(actions.error)}
        onRetry={() => void actions.refetch()}
        isRetrying={actions.isFetching}
      />
    );
  }
  const all = actions.data.pages.flatMap((page) => page.data);
  if (all.length === 0) return <NoBulkActions />;
  return (
    <div className="shrink-0">
      <Table>
        <TableHead>
          <TableRow>
            <TableHeader className="md:first:pl-6">What</TableHeader>
            <TableHeader>State</TableHeader>
            <TableHeader className="hidden text-right sm:table-cell">Progress</TableHeader>
            <TableHeader className="hidden md:table-cell">Begun by</TableHeader>
            <TableHeader className="text-right md:last:pr-6">Begun</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {all.map((action) => (
            <ActionRow key={action.id} action={action} />
          ))}
        </TableBody>
      </Table>
      <LoadMore
        hasMore={actions.hasNextPage}
        isLoading={actions.isFetchingNextPage}
        isFailed={actions.isFetchNextPageError}
        endLabel={`${all.length.toLocaleString('en')} ${all.length === 1 ? 'bulk action' : 'bulk actions'}, all shown`}
        onLoad={() => void actions.fetchNextPage()}
      />
    </div>
  );
}

function ActionRow({ action }: { action: BulkAction }) {
  const standing = standingOf(action);
  return (
    <TableRow className="relative hover:bg-muted/60 has-[a:focus-visible]:bg-muted/60">
      <TableCell className="max-w-0 min-w-40 md:first:pl-6">
        <Link
          href={`/bulk-actions/${action.id}`}
          className="block truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
        >
          {titleOf(action)}
        </Link>
      </TableCell>
      <TableCell className="w-px whitespace-nowrap">
        <Badge tone={standing.tone}>{standing.label}</Badge>
      </TableCell>
      <TableCell className="hidden w-px text-right whitespace-nowrap tabular-nums sm:table-cell">
        {percentOf(action)} %
        {action.counts.failed > 0 && (
          <span className="text-danger"> · {action.counts.failed.toLocaleString('en')} failed</span>
        )}
      </TableCell>
      <TableCell className="hidden w-px max-w-48 truncate text-muted-foreground md:table-cell">
        {action.createdBy}
      </TableCell>
      <TableCell className="w-px text-right whitespace-nowrap text-muted-foreground md:last:pr-6">
        <Time at={action.createdAt} />
      </TableCell>
    </TableRow>
  );
}

function NoBulkActions() {
  return (
    <div className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={<ListChecks aria-hidden />}
        title="No bulk actions yet"
        description="Choose several dead letters to redrive or discard, or several runs to replay. What you start is kept here, with what came of each run."
      >
        <Button variant="primary" nativeButton={false} render={<Link href="/dead-letters" />}>
          Go to the dead letters
        </Button>
        <Button nativeButton={false} render={<Link href="/runs" />}>
          Go to the runs
        </Button>
      </EmptyState>
    </div>
  );
}
