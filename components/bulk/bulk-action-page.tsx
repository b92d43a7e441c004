'use client';

import { ChevronRight, SearchX } from 'lucide-react';
import Link from 'next/link';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useBulkAction } from '#components/api/bulk-actions.ts';
import { PageHeader } from '#components/shell/page-header.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { BulkAction } from '#core/api/bulk-actions.ts';

import { BulkControls } from './bulk-controls.tsx';
import { BulkFacts } from './bulk-facts.tsx';
import { BulkItems } from './bulk-items.tsx';
import { BulkProgress } from './bulk-progress.tsx';
import { standingOf, titleOf } from './bulk-words.ts';

/** One bulk action: how far it is, what came of it, and what can be done with it. Live. */
export function BulkActionPage({ id }: { id: string }) {
  const action = useBulkAction(id);
  if (action.isPending) return <TableSkeleton rows={4} label="Loading the bulk action" />;
  if (action.data === undefined) {
    if (action.error instanceof ApiProblem && (action.error.status === 404 || action.error.status === 400))
      return <NoSuchAction />;
    return (
      <PageProblem
        level={1}
        title="The bulk action could not be loaded"
        message={messageOf(action.error)}
        onRetry={() => void action.refetch()}
        isRetrying={action.isFetching}
      />
    );
  }
  return <ActionView action={action.data} />;
}

function ActionView({ action }: { action: BulkAction }) {
  const standing = standingOf(action);
  return (
    <>
      <PageHeader
        title={
          <span className="flex min-w-0 items-center gap-1.5">
            <Link
              href="/bulk-actions"
              className="rounded-sm text-sm font-normal text-muted-foreground focus-ring hover:text-foreground max-sm:hidden"
            >
              Bulk actions
            </Link>
            <ChevronRight aria-hidden className="size-3.5 shrink-0 text-muted-foreground max-sm:hidden" />
            <span className="truncate">{titleOf(action)}</span>
          </span>
        }
        aside={<Badge tone={standing.tone}>{standing.label}</Badge>}
      >
        <BulkFacts action={action} />
      </PageHeader>
      <div className="flex shrink-0 flex-col gap-4 border-b border-border bg-surface px-4 py-4 md:px-6">
        <BulkProgress action={action} />
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <p aria-live="polite" className="max-w-prose min-w-0 text-sm text-muted-foreground">
            {standing.meaning}
          </p>
          <BulkControls action={action} />
        </div>
      </div>
      <BulkItems action={action} />
    </>
  );
}

function NoSuchAction() {
  return (
    <div className="flex flex-1 items-center justify-center">
      <EmptyState
        level={1}
        icon={<SearchX aria-hidden />}
        title="There is no such bulk action"
        description="Its address may be mistyped, or it belongs to another workspace."
      >
        <Button variant="primary" nativeButton={false} render={<Link href="/bulk-actions" />}>
          Show all bulk actions
        </Button>
      </EmptyState>
    </div>
  );
}
