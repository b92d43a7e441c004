'use client';

import { ScrollText } from 'lucide-react';

import { messageOf } from '#components/api/api-problem.ts';
import { useAudit } from '#components/api/workspace.ts';
import { LoadMore } from '#components/shell/load-more.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Card, CardHeader } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

import { AuditTable } from './audit-table.tsx';

/** What was done in the workspace, by whom and when. */
export function AuditPage() {
  return (
    <div className="mx-auto w-full max-w-5xl p-4 md:p-6">
      <Card>
        <CardHeader
          title="Audit log"
          description="What people and keys did, newest first. Entries are never changed."
        />
        <AuditList />
      </Card>
    </div>
  );
}

function AuditList() {
  const audit = useAudit();
  if (audit.isPending) return <TableSkeleton rows={8} label="Loading the audit log" />;
  if (audit.data === undefined) {
    return (
      <PageProblem
        title="The audit log could not be loaded"
        message={messageOf(audit.error)}
        onRetry={() => void audit.refetch()}
        isRetrying={audit.isFetching}
      />
    );
  }
  const entries = audit.data.pages.flatMap((page) => page.data);
  if (entries.length === 0) {
    return (
      <EmptyState
        icon={<ScrollText aria-hidden />}
        title="Nothing has been done yet"
        className="border-t border-border"
      />
    );
  }
  return (
    <div className="border-t border-border">
      <AuditTable entries={entries} />
      <LoadMore
        hasMore={audit.hasNextPage}
        isLoading={audit.isFetchingNextPage}
        isFailed={audit.isFetchNextPageError}
        endLabel="The beginning of the log"
        onLoad={() => void audit.fetchNextPage()}
      />
    </div>
  );
}
