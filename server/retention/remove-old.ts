import type pg from 'pg';

import { insertAudit } from '#server/audit/insert-audit.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { log } from '#server/log.ts';
import { findOldestDay, removeDayOfRuns, type OldRuns } from '#server/sql/remove-runs.ts';
import {
  removeAuditEntries,
  removeQuarantined,
  removeUnusedVersions,
  type DueRetention,
  type QuarantinedKind,
} from '#server/sql/retention-rows.ts';

/** Runs that one statement removes at most. */
export const RUNS_AT_ONCE = 50_000;
/** Quarantined events, of up to 10 MB each, or versions that one statement removes at most. */
const OTHERS_AT_ONCE = 5_000;

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
  const { workspaceId, succeededDays, failedDays, quarantineDays, auditDays } = due;
  for (const [ended, days] of [
    ['succeeded', succeededDays],
    ['failed', failedDays],
  ] as const) {
    if (days === null) continue;
    const old = { workspaceId, ended, days };
    if (!(await untilNone((client) => removeOldestDay(client, old), { pause, from }))) return;
  }
  for (const [kind, days] of [
    ['discarded', failedDays],
    ['undecided', quarantineDays],
  ] as const) {
    if (days === null) continue;
    const old = { workspaceId, kind, days };
    if (!(await untilNone((client) => removeHeld(client, old), { pause, from }))) return;
  }
  if (succeededDays !== null) {
    const old = { workspaceId, days: succeededDays };
    if (!(await untilNone((client) => removeVersions(client, old), { pause, from }))) return;
  }
  if (auditDays !== null)
    await inClientTransaction((client) => removeAudit(client, workspaceId, auditDays), from);
}

/** Removes a lot at a time for as long as there is one. False where it was told to stop in between. */
async function untilNone(
  removeSome: (client: pg.ClientBase) => Promise<boolean>,
  {
    pause,
    from,
  }: { readonly pause: (tookMs: number) => Promise<boolean>; readonly from: pg.Pool | undefined },
): Promise<boolean> {
  for (;;) {
    const begun = performance.now();
    if (!(await inClientTransaction(removeSome, from))) return true;
    if (!(await pause(performance.now() - begun))) return false;
  }
}

async function removeOldestDay(client: pg.ClientBase, old: OldRuns): Promise<boolean> {
  const day = await findOldestDay(client, old);
  if (day === null) return false;
  const removed = await removeDayOfRuns(client, old, { day, limit: RUNS_AT_ONCE });
  // All of them are held by somebody just now: the next look finds them.
  if (removed.runs === 0) return false;
  const { workspaceId, ended } = old;
  await insertAudit(client, systemActor(workspaceId), {
    action: 'retention.remove',
    resource: `runs:${day}`,
    detail: { ended, ...removed },
  });
  log.info({ part: 'retention', workspaceId, day, ended, ...removed }, 'old runs were removed');
  return true;
}

/** Which events went is told by flow: of those that nobody had decided on, this is all that is left. */
async function removeHeld(
  client: pg.ClientBase,
  old: { readonly workspaceId: string; readonly kind: QuarantinedKind; readonly days: number },
): Promise<boolean> {
  const removed = await removeQuarantined(client, old, OTHERS_AT_ONCE);
  const events = removed.reduce((sum, each) => sum + each.events, 0);
  if (events === 0) return false;
  const { workspaceId, kind, days } = old;
  const flows = Object.fromEntries(removed.map((each) => [each.flow, each.events]));
  await insertAudit(client, systemActor(workspaceId), {
    action: 'retention.remove',
    resource: `quarantine:${kind}`,
    detail: { events, days, flows },
  });
  log.info({ part: 'retention', workspaceId, kind, events, days }, 'old quarantined events were removed');
  return true;
}

async function removeVersions(
  client: pg.ClientBase,
  old: { readonly workspaceId: string; readonly days: number },
): Promise<boolean> {
  const versions = await removeUnusedVersions(client, old, OTHERS_AT_ONCE);
  if (versions === 0) return false;
  const act = { action: 'retention.remove', resource: 'versions:unused', detail: { versions } };
  await insertAudit(client, systemActor(old.workspaceId), act);
  return true;
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
