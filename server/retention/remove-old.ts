import type pg from 'pg';

import { insertAudit } from '#server/audit/insert-audit.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { log } from '#server/log.ts';
import { findOldestDay, removeDayOfRuns, type OldRuns, type RemovedRuns } from '#server/sql/remove-runs.ts';
import { removeAuditEntries, type DueRetention } from '#server/sql/retention-rows.ts';

/** Runs that one statement removes at most. */
export const RUNS_AT_ONCE = 50_000;

/**
 * Removes what a workspace keeps no longer, oldest day first, a statement and a transaction for each, each audited. Runs come and go
 * meanwhile as ever.
 *
 * @param pause is awaited after each statement with the milliseconds that it took; what it resolves to says whether to go on.
 */
export async function removeOld(
  due: DueRetention,
  { pause, from }: { readonly pause: (tookMs: number) => Promise<boolean>; readonly from?: pg.Pool },
): Promise<void> {
  const { workspaceId, succeededDays, failedDays, auditDays } = due;
  for (const [ended, days] of [
    ['succeeded', succeededDays],
    ['failed', failedDays],
  ] as const) {
    if (days === null) continue;
    for (;;) {
      const begun = performance.now();
      const removed = await inClientTransaction(
        (client) => removeOldestDay(client, { workspaceId, ended, days }),
        from,
      );
      if (removed === null) break;
      if (!(await pause(performance.now() - begun))) return;
    }
  }
  if (auditDays !== null)
    await inClientTransaction((client) => removeAudit(client, workspaceId, auditDays), from);
}

async function removeOldestDay(client: pg.ClientBase, old: OldRuns): Promise<RemovedRuns | null> {
  const day = await findOldestDay(client, old);
  if (day === null) return null;
  const removed = await removeDayOfRuns(client, old, { day, limit: RUNS_AT_ONCE });
  // All of them are held by somebody just now: the next look finds them.
  if (removed.runs === 0) return null;
  const { workspaceId, ended } = old;
  await insertAudit(client, systemActor(workspaceId), {
    action: 'retention.remove',
    resource: `runs:${day}`,
    detail: { ended, ...removed },
  });
  log.info({ part: 'retention', workspaceId, day, ended, ...removed }, 'old runs were removed');
  return removed;
}

async function removeAudit(client: pg.ClientBase, workspaceId: string, days: number): Promise<void> {
  const entries = await removeAuditEntries(client, workspaceId, days);
  if (entries === 0) return;
  const act = { action: 'retention.remove', resource: 'audit:entries', detail: { entries } };
  await insertAudit(client, systemActor(workspaceId), act);
}

function systemActor(workspaceId: string) {
  return { kind: 'system', name: 'Retention', workspaceId, address: '' } as const;
}
