import type pg from 'pg';

import { effectMark, requireClaim } from '#server/audit/effect-mark.ts';
import { auditColumns, type AuditActor, type AuditedAct } from '#server/audit/record-audit.ts';

/** `recordAudit` for transactions on a `pg` client: those that enqueue, which Prisma cannot join. */
export async function insertAudit(client: pg.ClientBase, actor: AuditActor, act: AuditedAct): Promise<void> {
  const entry = auditColumns(actor, act);
  await client.query(
    `INSERT INTO audit_entry (workspace_id, actor, actor_name, action, resource, detail, address)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      entry.workspaceId,
      entry.actor,
      entry.actorName,
      entry.action,
      entry.resource,
      JSON.stringify(entry.detail),
      entry.address,
    ],
  );
  const mark = effectMark(actor, act);
  if (mark) requireClaim((await client.query(mark.text, [...mark.values])).rowCount);
}
