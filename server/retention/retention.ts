import type { Retention, RetentionPreview, RetentionState } from '#core/api/retention.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { pool } from '#server/db/pool.ts';
import { previewRetention, selectRetention, upsertRetention } from '#server/sql/retention-rows.ts';

/** How long the workspace keeps what is over; for ever, as long as nobody said otherwise. */
export function readRetention(workspaceId: string): Promise<RetentionState> {
  return selectRetention(pool(), workspaceId);
}

/** About what would go if it was so. */
export function previewOf(workspaceId: string, set: Partial<Retention>): Promise<RetentionPreview> {
  const { succeededDays = null, failedDays = null, quarantineDays = null, auditDays = null } = set;
  return previewRetention(pool(), workspaceId, { succeededDays, failedDays, quarantineDays, auditDays });
}

/** Changes it; a worker removes what is too old within a minute or so. */
export function putRetention(actor: Actor, set: Retention): Promise<RetentionState> {
  return inClientTransaction(async (client) => {
    const known = await selectRetention(client, actor.workspaceId);
    const { succeededDays, failedDays, quarantineDays, auditDays } = known;
    const before = { succeededDays, failedDays, quarantineDays, auditDays };
    await upsertRetention(client, actor.workspaceId, set);
    const detail = { before, after: set };
    await insertAudit(client, actor, { action: 'retention.update', resource: 'workspace:retention', detail });
    return selectRetention(client, actor.workspaceId);
  });
}
