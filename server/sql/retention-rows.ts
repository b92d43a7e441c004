import type pg from 'pg';

import type { Retention, RetentionPreview, RetentionState } from '#core/api/retention.ts';

export async function selectRetention(
  client: pg.ClientBase | pg.Pool,
  workspaceId: string,
): Promise<RetentionState> {
  const { rows } = await client.query<Retention & { checkedAt: Date | null }>(
    `SELECT succeeded_days AS "succeededDays", failed_days AS "failedDays", audit_days AS "auditDays",
       checked_at AS "checkedAt"
     FROM retention WHERE workspace_id = $1`,
    [workspaceId],
  );
  const [row] = rows;
  if (!row) return { succeededDays: null, failedDays: null, auditDays: null, checkedAt: null };
  return { ...row, checkedAt: row.checkedAt?.toISOString() ?? null };
}

/** Saves it; what is old is looked for soon. */
export async function upsertRetention(
  client: pg.ClientBase,
  workspaceId: string,
  set: Retention,
): Promise<void> {
  await client.query(
    `INSERT INTO retention (workspace_id, succeeded_days, failed_days, audit_days) VALUES ($1, $2, $3, $4)
     ON CONFLICT (workspace_id) DO UPDATE SET succeeded_days = excluded.succeeded_days, failed_days = excluded.failed_days,
       audit_days = excluded.audit_days, updated_at = now(), checked_at = NULL`,
    [workspaceId, set.succeededDays, set.failedDays, set.auditDays],
  );
}

/** A time so many days ago; null, and so true of no row, for null. */
const ago = (days: string) => `now() - ${days}::int * interval '1 day'`;

/** About what would go: by when runs were stored, out of indexes alone. */
export async function previewRetention(
  pool: pg.Pool,
  workspaceId: string,
  set: Retention,
): Promise<RetentionPreview> {
  const { rows } = await pool.query<RetentionPreview>(
    `SELECT
       (SELECT count(*)::int FROM run WHERE workspace_id = $1 AND status IN ('succeeded', 'cancelled')
         AND created_at < ${ago('$2')}) AS "succeededRuns",
       (SELECT count(*)::int FROM dead_letter WHERE workspace_id = $1 AND created_at < ${ago('$3')}
         AND (redriven_at IS NOT NULL OR discarded_at IS NOT NULL)) AS "failedRuns",
       (SELECT count(*)::int FROM dead_letter WHERE workspace_id = $1 AND created_at < ${ago('$3')}
         AND redriven_at IS NULL AND discarded_at IS NULL) AS "openDeadLetters",
       (SELECT count(*)::int FROM audit_entry WHERE workspace_id = $1 AND at < ${ago('$4')}) AS "auditEntries"`,
    [workspaceId, set.succeededDays, set.failedDays, set.auditDays],
  );
  return rows[0]!;
}

/** A workspace whose old rows are to be looked for. */
export interface DueRetention extends Retention {
  readonly workspaceId: string;
}

/** Takes on one workspace that nobody has looked at within the hour; null for none. */
export async function takeDueRetention(pool: pg.Pool): Promise<DueRetention | null> {
  const { rows } = await pool.query<DueRetention>(
    `WITH due AS (
       SELECT workspace_id FROM retention
       WHERE (checked_at IS NULL OR checked_at < now() - interval '1 hour')
         AND (succeeded_days IS NOT NULL OR failed_days IS NOT NULL OR audit_days IS NOT NULL)
       ORDER BY checked_at NULLS FIRST LIMIT 1 FOR UPDATE SKIP LOCKED)
     UPDATE retention SET checked_at = now() FROM due WHERE retention.workspace_id = due.workspace_id
     RETURNING retention.workspace_id AS "workspaceId", succeeded_days AS "succeededDays", failed_days AS "failedDays",
       audit_days AS "auditDays"`,
  );
  return rows[0] ?? null;
}

/** Removes audit entries of that age, on record. Resolves to how many went. */
export async function removeAuditEntries(
  client: pg.ClientBase,
  workspaceId: string,
  days: number,
): Promise<number> {
  const { rows } = await client.query<{ entries: number }>(
    `INSERT INTO audit_removal (workspace_id, before)
     SELECT $1, ${ago('$2')} WHERE EXISTS (
       SELECT FROM (SELECT at FROM audit_entry WHERE workspace_id = $1 ORDER BY position LIMIT 1) first WHERE at < ${ago('$2')})
     RETURNING entries::int`,
    [workspaceId, days],
  );
  return rows[0]?.entries ?? 0;
}
