'use client';

import { FileUp, Plus, Scale, Search, SearchX, Workflow } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { parseAsString, useQueryState } from 'nuqs';
import { useMemo, useRef, useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useCreateFlow, useFlows } from '#components/api/flows.ts';
import { PageHeader } from '#components/shell/page-header.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { useHotkeys } from '#components/shell/use-hotkeys.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Input } from '#components/ui/input.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { FlowSummary } from '#core/api/flows.ts';

import { DeleteFlowDialog } from './delete-flow-dialog.tsx';
import { FlowTable } from './flow-table.tsx';
import { freeSlug } from './flow-slug.ts';
import { ImportFlowDialog } from './import-flow-dialog.tsx';
import { NewFlowDialog } from './new-flow-dialog.tsx';
import { exampleFlow } from './starting-documents.ts';

type OpenDialog = 'new' | 'import' | null;

/** The list of flows: the home of the application. */
export function FlowsPage() {
  const flows = useFlows();
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const [search, setSearch] = useQueryState(
    'q',
    parseAsString.withDefault('').withOptions({ throttleMs: 200 }),
  );
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
              <Input
                ref={searchInput}
                type="search"
                aria-label="Search flows"
                placeholder="Search by name or slug"
                icon={<Search aria-hidden />}
                after={<Kbd keys={['/']} className="mr-1.5 max-md:hidden" />}
                value={search}
                onValueChange={(value) => void setSearch(value === '' ? null : value)}
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
        open={dialog === 'new'}
        onOpenChange={(open) => setDialog(open ? 'new' : null)}
        takenSlugs={takenSlugs}
        onImport={() => setDialog('import')}
      />
      <ImportFlowDialog
        open={dialog === 'import'}
        onOpenChange={(open) => setDialog(open ? 'import' : null)}
        takenSlugs={takenSlugs}
      />
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

function NoFlows({ takenSlugs, mayEdit, onNew, onImport }: FlowsBodyProps) {
  const router = useRouter();
  const create = useCreateFlow();
  const slug = freeSlug('example-order-to-api', takenSlugs);
  const startExample = () =>
    create.mutate(exampleFlow(slug), {
      onSuccess: () => router.push(`/flows/${slug}`),
      onError: (error) => toast.error(messageOf(error)),
    });
  return (
    <div className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={<Workflow aria-hidden />}
        title="No flows yet"
        description={
          mayEdit
            ? 'A flow begins with a trigger and goes on step by step. The example receives an order by webhook, reshapes it and posts it to an API: publish it, send it something, and watch the run.'
            : 'Somebody with the role editor can create one.'
        }
      >
        {mayEdit && (
          <>
            <Button variant="primary" loading={create.isPending || create.isSuccess} onClick={startExample}>
              Start with the example
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
