'use client';

import { messageOf } from '#components/api/api-problem.ts';
import { useLedger } from '#components/api/ledger.ts';
import { PageHeader } from '#components/shell/page-header.tsx';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Time } from '#components/ui/time.tsx';

import { LedgerEquation } from './ledger-equation.tsx';
import { LedgerFaults } from './ledger-faults.tsx';
import { LedgerTable } from './ledger-table.tsx';

const READ_EVERY_MS = 5_000;

/** What was accepted, held against what became of it. */
export function LedgerPage() {
  const ledger = useLedger(READ_EVERY_MS);
  return (
    <>
      <PageHeader
        title="Ledger"
        actions={
          ledger.data && (
            <span className="text-xs text-muted-foreground">
              Read <Time at={ledger.data.at} exact />
            </span>
          )
        }
      />
      {ledger.isPending ? (
        <TableSkeleton rows={5} label="Loading the ledger" />
      ) : ledger.data === undefined ? (
        <PageProblem
          title="The ledger could not be loaded"
          message={messageOf(ledger.error)}
          onRetry={() => void ledger.refetch()}
          isRetrying={ledger.isFetching}
        />
      ) : (
        <div className="shrink-0">
          <LedgerEquation ledger={ledger.data} />
          <LedgerFaults faults={ledger.data.faults} />
          <LedgerTable flows={ledger.data.flows} />
        </div>
      )}
    </>
  );
}
