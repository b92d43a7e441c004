import type pg from 'pg';

import type { Ledger } from '#core/api/ledger.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { DRIFT, readLedger } from '#server/ledger/read-ledger.ts';
import { mailLedger } from '#server/ledger/mail-ledger.ts';
import { log } from '#server/log.ts';
import {
  isLedgerWatched,
  lockDueChecks,
  recordCheck,
  type LedgerCheckRow,
} from '#server/sql/ledger-checks.ts';

/**
 * Looks at the ledger of every workspace, unless another process does or just did, and writes down what it found. What two
 * looks in a row find is told: in the log and, once until it is over, by mail to the owners, unless an alert rule tells it. Resolves to
 * whether something was found that has yet to be confirmed.
 */
export async function checkLedgers(): Promise<boolean> {
  return inClientTransaction(async (client) => {
    let isUnsure = false;
    for (const known of await lockDueChecks(client)) {
      const isNew = await check(client, known, await readLedger(known.workspaceId));
      isUnsure ||= isNew;
    }
    return isUnsure;
  });
}

async function check(client: pg.ClientBase, known: LedgerCheckRow, ledger: Ledger): Promise<boolean> {
  const { workspaceId, slug: workspace } = known;
  const drift = ledger.flows.reduce((sum, line) => sum + Math.abs(line.drift), 0);
  const rows = ledger.faults.filter(({ code }) => code !== DRIFT);
  const faults = rows.reduce((sum, { count }) => sum + count, 0);
  const isWrong = drift !== 0 || faults > 0;
  const isTold = isWrong && known.since !== null && known.toldAt === null;
  await recordCheck(client, { workspaceId, drift, faults, isTold });
  if (isTold) {
    log.error({ part: 'ledger', workspace, drift, faults: ledger.faults }, 'the ledger does not add up');
    if (!(await isLedgerWatched(client, workspaceId))) await mailLedger(client, workspaceId, ledger);
  }
  if (!isWrong && known.toldAt !== null) log.info({ part: 'ledger', workspace }, 'the ledger adds up again');
  return isWrong && known.since === null;
}
