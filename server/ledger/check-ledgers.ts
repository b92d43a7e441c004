import type pg from 'pg';

import type { Ledger } from '#core/api/ledger.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { DRIFT, readLedger } from '#server/ledger/read-ledger.ts';
import { mailLedger } from '#server/ledger/mail-ledger.ts';
import { log } from '#server/log.ts';
import {
  countWorkspaces,
  isLedgerWatched,
  lockDueChecks,
  recordCheck,
  type LedgerCheckRow,
} from '#server/sql/ledger-checks.ts';

export interface LedgersChecked {
  /** Something was found that has yet to be confirmed. */
  readonly isUnsure: boolean;
  /** Every workspace was looked at just now, and nothing is wrong in any. */
  readonly areAllRight: boolean;
}

/**
 * Looks at the ledger of every workspace, unless another process does or just did, and writes down what it found. What two
 * looks in a row find is told: in the log and, once until it is over, by mail to the owners, unless an alert rule tells it.
 */
export async function checkLedgers(): Promise<LedgersChecked> {
  return inClientTransaction(async (client) => {
    const due = await lockDueChecks(client);
    let [isUnsure, isWrong] = [false, false];
    for (const known of due) {
      const found = await check(client, known, await readLedger(known.workspaceId));
      isUnsure ||= found.isNew;
      isWrong ||= found.isWrong;
    }
    return {
      isUnsure,
      areAllRight: !isWrong && due.length > 0 && due.length === (await countWorkspaces(client)),
    };
  });
}

async function check(
  client: pg.ClientBase,
  known: LedgerCheckRow,
  ledger: Ledger,
): Promise<{ readonly isWrong: boolean; readonly isNew: boolean }> {
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
  return { isWrong, isNew: isWrong && known.since === null };
}
