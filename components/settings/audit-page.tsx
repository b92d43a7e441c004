'use client';

import { Download, ScrollText, ShieldCheck } from 'lucide-react';
import { useRef } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { auditExportUrl, useAudit, useVerifyAudit, type AuditView } from '#components/api/audit.ts';
import { LoadMore } from '#components/shell/load-more.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { useHotkeys } from '#components/shell/use-hotkeys.ts';
import { Button } from '#components/ui/button.tsx';
import { Card, CardHeader } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '#components/ui/menu.tsx';

import { AuditCheckResult } from './audit-check.tsx';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { AuditTable } from './audit-table.tsx';
import { useAuditView } from './use-audit-view.ts';

/** What was done in the workspace, by whom and when; as a file; and whether anybody changed it since. */
export function AuditPage() {
  const state = useAuditView();
  const verify = useVerifyAudit();
  const searchInput = useRef<HTMLInputElement>(null);
  useHotkeys({ '/': () => searchInput.current?.focus() });
  return (
    <div className="mx-auto w-full max-w-5xl p-4 md:p-6">
      <Card>
        <CardHeader
          title="Audit log"
          description="What people and keys did, newest first. No change to it goes unseen."
          actions={
            <>
              <Button onClick={() => verify.mutate()} loading={verify.isPending}>
                <ShieldCheck aria-hidden />
                Check the chain
              </Button>
              <ExportMenu view={state.view} />
            </>
          }
        />
        <AuditCheckResult check={verify.data} error={verify.error} />
        <AuditFilterBar state={state} searchInput={searchInput} />
        <AuditList view={state.view} onClear={state.isNarrowed ? state.clear : undefined} />
      </Card>
    </div>
  );
}

/** The entries as a file: those that the page shows, all pages of them. */
function ExportMenu({ view }: { view: AuditView }) {
  const download = (format: 'csv' | 'jsonl') =>
    window.location.assign(auditExportUrl(view, format, Date.now()));
  return (
    <Menu>
      <MenuTrigger render={<Button />}>
        <Download aria-hidden />
        Export
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onClick={() => download('csv')}>Table (CSV)</MenuItem>
        <MenuItem onClick={() => download('jsonl')}>JSON, an entry a line</MenuItem>
      </MenuContent>
    </Menu>
  );
}

function AuditList({ view, onClear }: { view: AuditView; onClear: (() => void) | undefined }) {
  const audit = useAudit(view);
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
        title={onClear ? 'No entry fits' : 'Nothing has been done yet'}
        className="border-t border-border"
      >
        {onClear && <Button onClick={onClear}>Show all entries</Button>}
      </EmptyState>
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
