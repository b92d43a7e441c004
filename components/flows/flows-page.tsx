'use client';

import { FileUp, LayoutTemplate, Plus, Scale, SearchX, Workflow } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { useMemo, useRef, useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useFlows } from '#components/api/flows.ts';
import { PageHeader } from '#components/shell/page-header.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { useHotkeys } from '#components/shell/use-hotkeys.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import { SearchInput } from '#components/ui/search-input.tsx';
import type { FlowSummary } from '#core/api/flows.ts';

import { FlowTable } from './flow-table.tsx';

// It brings the readers of other products' flows along: loaded when somebody imports.
const ImportFlowDialog = lazyPart(async () => (await import('./import-flow-dialog.tsx')).ImportFlowDialog);
const NewFlowDialog = lazyPart(
  async () => (await import('./new-flow-dialog.tsx')).NewFlowDialog,
  ({ open }) => open,
);
const DeleteFlowDialog = lazyPart(
  async () => (await import('./delete-flow-dialog.tsx')).DeleteFlowDialog,
  ({ flow }) => flow !== null,
);

type OpenDialog = 'new' | 'import' | null;

/** The list of flows. `?new` opens with the dialog for another one. */
export function FlowsPage() {
  const flows = useFlows();
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const [hasImport, setHasImport] = useState(false);
  if (dialog === 'import' && !hasImport) setHasImport(true);
  const [search, setSearch] = useQueryState(
    'q',
    parseAsString.withDefault('').withOptions({ throttleMs: 200 }),
  );
  const [asked, setAsked] = useQueryState('new', parseAsString);
  const searchInput = useRef<HTMLInputElement>(null);
  const mayEdit = useRight('flow:edit');
  const takenSlugs = useMemo(() => new Set(flows.data?.map((flow) => flow.slug)), [flows.data]);
  useHotkeys({
    '/': () => searchInput.current?.focus(),
    c: () => {
      if (mayEdit) setDialog('new');
    },
  });
  const isEmpty = flows.data?.length === 0;
  return (
    <>
      <PageHeader
        title="Flows"
        actions={
          <>
            <Button nativeButton={false} render={<Link href="/ledger" />}>
              <Scale aria-hidden />
              <span className="max-sm:sr-only">Ledger</span>
            </Button>
            {mayEdit && (
              <>
                <Button nativeButton={false} render={<Link href="/templates" />}>
                  <LayoutTemplate aria-hidden />
                  <span className="max-sm:sr-only">Templates</span>
                </Button>
                <Button onClick={() => setDialog('import')} className="max-sm:hidden">
                  <FileUp aria-hidden />
                  Import
                </Button>
                <Button variant="primary" onClick={() => setDialog('new')} disabled={flows.isPending}>
                  <Plus aria-hidden />
                  New flow
                </Button>
              </>
            )}
          </>
        }
      >
        {!isEmpty && (
          <div className="px-4 pb-2.5 md:px-6">
            <div className="max-w-sm">
              <SearchInput
                ref={searchInput}
                aria-label="Search flows"
                placeholder="Search by name or slug"
                value={search}
                onSearch={(text) => void setSearch(text)}
              />
            </div>
          </div>
        )}
      </PageHeader>
      <FlowsBody
        flows={flows}
        search={search}
        takenSlugs={takenSlugs}
        mayEdit={mayEdit}
        onNew={() => setDialog('new')}
        onImport={() => setDialog('import')}
        onClearSearch={() => void setSearch(null)}
      />
      <NewFlowDialog
        open={dialog === 'new' || (asked !== null && mayEdit)}
        onOpenChange={(open) => {
          setDialog(open ? 'new' : null);
          if (!open) void setAsked(null);
        }}
        takenSlugs={takenSlugs}
        onImport={() => {
          void setAsked(null);
          setDialog('import');
        }}
      />
      {hasImport && (
        <ImportFlowDialog
          open={dialog === 'import'}
          onOpenChange={(open) => setDialog(open ? 'import' : null)}
          takenSlugs={takenSlugs}
        />
      )}
    </>
  );
}

interface FlowsBodyProps {
  flows: ReturnType<typeof useFlows>;
  search: string;
  takenSlugs: ReadonlySet<string>;
  mayEdit: boolean;
  onNew: () => void;
  onImport: () => void;
  onClearSearch: () => void;
}

function FlowsBody(props: FlowsBodyProps) {
  const { flows, search, takenSlugs, onClearSearch } = props;
  const [toDelete, setToDelete] = useState<FlowSummary | null>(null);
  if (flows.isPending) return <TableSkeleton rows={6} label="Loading the flows" />;
  if (flows.data === undefined) {
    return (
      <PageProblem
        title="The flows could not be loaded"
        message={messageOf(flows.error)}
        onRetry={() => void flows.refetch()}
        isRetrying={flows.isFetching}
      />
    );
  }
  if (flows.data.length === 0) return <NoFlows {...props} />;
  const found = flows.data.filter((flow) => matches(flow, search));
  if (found.length === 0) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title={`No flow matches “${search}”`}
        description="Names and slugs are searched."
      >
        <Button onClick={onClearSearch}>Clear the search</Button>
      </EmptyState>
    );
  }
  return (
    <>
      <FlowTable flows={found} takenSlugs={takenSlugs} onDelete={setToDelete} />
      <DeleteFlowDialog flow={toDelete} onClose={() => setToDelete(null)} />
    </>
  );
}

function NoFlows({ mayEdit, onNew, onImport }: FlowsBodyProps) {
  return (
    <div className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={<Workflow aria-hidden />}
        title="No flows yet"
        description={
          mayEdit
            ? 'A flow begins with a trigger and goes on step by step. Choose one of the templates to see a first run within a minute, or draw your own.'
            : 'Somebody with the role editor can create one.'
        }
      >
        {mayEdit && (
          <>
            <Button variant="primary" nativeButton={false} render={<Link href="/templates" />}>
              <LayoutTemplate aria-hidden />
              Choose a template
            </Button>
            <Button onClick={onNew}>Empty flow</Button>
            <Button variant="ghost" onClick={onImport}>
              Import
            </Button>
          </>
        )}
      </EmptyState>
    </div>
  );
}

function matches(flow: FlowSummary, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${flow.name} ${flow.slug} ${flow.description}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
