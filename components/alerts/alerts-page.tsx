'use client';

import { BellOff, BellRing, CircleCheck, Settings2 } from 'lucide-react';
import Link from 'next/link';
import { parseAsStringLiteral, useQueryState } from 'nuqs';

import { useAlertRules, useAlerts } from '#components/api/alerts.ts';
import { messageOf } from '#components/api/api-problem.ts';
import { LoadMore } from '#components/shell/load-more.tsx';
import { PageHeader } from '#components/shell/page-header.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { moveRowFocus } from '#components/shell/row-links.ts';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { useHotkeys } from '#components/shell/use-hotkeys.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Tab, TabPanel, Tabs, TabsList } from '#components/ui/tabs.tsx';

import { AlertRow } from './alert-row.tsx';

const STATES = ['open', 'resolved'] as const;
type State = (typeof STATES)[number];

/** What is wrong now, and what was. Kept current. */
export function AlertsPage() {
  const [state, setState] = useQueryState('show', parseAsStringLiteral(STATES).withDefault('open'));
  useHotkeys({ j: () => moveRowFocus(1), k: () => moveRowFocus(-1) });
  return (
    <Tabs value={state} onValueChange={(value: State) => void setState(value)} className="flex-1">
      <PageHeader
        title="Alerts"
        actions={
          <Button render={<Link href="/settings/alerts" />} nativeButton={false}>
            <Settings2 aria-hidden />
            Rules
          </Button>
        }
      >
        <TabsList className="border-b-0 px-4 md:px-6">
          <Tab value="open">Open</Tab>
          <Tab value="resolved">Over</Tab>
        </TabsList>
      </PageHeader>
      {STATES.map((each) => (
        <TabPanel key={each} value={each} className="flex flex-col">
          <AlertList state={each} />
        </TabPanel>
      ))}
    </Tabs>
  );
}

function AlertList({ state }: { state: State }) {
  const alerts = useAlerts(state);
  if (alerts.isPending) return <TableSkeleton rows={4} label="Loading the alerts" />;
  if (alerts.data === undefined) {
    return (
      <PageProblem
        title="The alerts could not be loaded"
        message={messageOf(alerts.error)}
        onRetry={() => void alerts.refetch()}
        isRetrying={alerts.isFetching}
      />
    );
  }
  const all = alerts.data.pages.flatMap((page) => page.data);
  if (all.length === 0) return <NoAlerts state={state} />;
  return (
    <>
      <ul className="flex flex-col divide-y divide-border">
        {all.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </ul>
      <LoadMore
        hasMore={alerts.hasNextPage}
        isLoading={alerts.isFetchingNextPage}
        isFailed={alerts.isFetchNextPageError}
        endLabel={`${all.length.toLocaleString('en')} ${state === 'open' ? 'open' : 'over'}, all shown`}
        onLoad={() => void alerts.fetchNextPage()}
      />
    </>
  );
}

function NoAlerts({ state }: { state: State }) {
  const rules = useAlertRules();
  const mayManage = useRight('alert:manage');
  const isUnwatched = rules.data?.length === 0;
  return (
    <div className="flex flex-1 items-center justify-center">
      {state === 'resolved' ? (
        <EmptyState
          icon={<BellOff aria-hidden />}
          title="No alert yet"
          description="Alerts that are over are kept here for 90 days, with how bad it was and for how long."
        />
      ) : isUnwatched ? (
        <EmptyState
          icon={<BellRing aria-hidden />}
          title="Nothing is watched yet"
          description="With rules, Patchbay tells you when runs fail, work waits, or no worker is alive."
        >
          {mayManage && (
            <Button variant="primary" render={<Link href="/settings/alerts" />} nativeButton={false}>
              Set up alerts
            </Button>
          )}
        </EmptyState>
      ) : (
        <EmptyState
          icon={<CircleCheck aria-hidden />}
          title="All is well"
          description="No rule finds anything wrong. Alerts appear here by themselves."
        />
      )}
    </div>
  );
}
