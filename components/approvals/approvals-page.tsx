'use client';

import { CircleCheck, Stamp } from 'lucide-react';
import { parseAsStringLiteral, useQueryState } from 'nuqs';

import { messageOf } from '#components/api/api-problem.ts';
import { useApprovals, useLiveApprovals, type ApprovalState } from '#components/api/approvals.ts';
import { LiveDot } from '#components/runs/live-dot.tsx';
import { LoadMore } from '#components/shell/load-more.tsx';
import { PageHeader } from '#components/shell/page-header.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Tab, TabPanel, Tabs, TabsList } from '#components/ui/tabs.tsx';

import { ApprovalCard } from './approval-card.tsx';

const STATES = ['open', 'decided'] as const;

/** What flows ask people: the open questions with their buttons, and those that are closed. Live. */
export function ApprovalsPage() {
  const live = useLiveApprovals();
  const [state, setState] = useQueryState('show', parseAsStringLiteral(STATES).withDefault('open'));
  return (
    <Tabs value={state} onValueChange={(value: ApprovalState) => void setState(value)} className="flex-1">
      <PageHeader title="Approvals" aside={<LiveDot state={live} />}>
        <TabsList className="border-b-0 px-4 md:px-6">
          <Tab value="open">Open</Tab>
          <Tab value="decided">Decided</Tab>
        </TabsList>
      </PageHeader>
      {STATES.map((each) => (
        <TabPanel key={each} value={each} className="flex flex-col">
          <ApprovalList state={each} />
        </TabPanel>
      ))}
    </Tabs>
  );
}

function ApprovalList({ state }: { state: ApprovalState }) {
  const approvals = useApprovals(state);
  if (approvals.isPending) return <TableSkeleton rows={4} label="Loading the approvals" />;
  if (approvals.data === undefined) {
    return (
      <PageProblem
        title="The approvals could not be loaded"
        message={messageOf(approvals.error)}
        onRetry={() => void approvals.refetch()}
        isRetrying={approvals.isFetching}
      />
    );
  }
  const all = approvals.data.pages.flatMap((page) => page.data);
  if (all.length === 0) return <NoApprovals state={state} />;
  return (
    <>
      <ul className="flex flex-col divide-y divide-border">
        {all.map((approval) => (
          <ApprovalCard key={approval.id} approval={approval} />
        ))}
      </ul>
      <LoadMore
        hasMore={approvals.hasNextPage}
        isLoading={approvals.isFetchingNextPage}
        isFailed={approvals.isFetchNextPageError}
        endLabel={`${all.length.toLocaleString('en')} ${state}, all shown`}
        onLoad={() => void approvals.fetchNextPage()}
      />
    </>
  );
}

function NoApprovals({ state }: { state: ApprovalState }) {
  return (
    <div className="flex flex-1 items-center justify-center">
      {state === 'open' ? (
        <EmptyState
          icon={<CircleCheck aria-hidden />}
          title="Nothing waits for a decision"
          description="A flow with an Approval node stops there and asks. Its question appears here by itself."
        />
      ) : (
        <EmptyState
          icon={<Stamp aria-hidden />}
          title="Nothing was decided yet"
          description="Approved, rejected and expired questions are kept here, with who decided and what they said."
        />
      )}
    </div>
  );
}
