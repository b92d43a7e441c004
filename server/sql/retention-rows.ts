import type pg from 'pg';

import type { Retention, RetentionPreview, RetentionState } from '#core/api/retention.ts';

const DAYS = `succeeded_days AS "succeededDays", failed_days AS "failedDays", quarantine_days AS "quarantineDays",
  audit_days AS "auditDays"`;

export async function selectRetention(
  client: pg.ClientBase | pg.Pool,
  workspaceId: string,
): Promise<RetentionState> {
  const { rows } = await client.query<StateRow>(
    `SELECT ${DAYS}, checked_at AS "checkedAt", undecided_removed AS "undecidedRemoved",
       undecided_removed_at AS "undecidedRemovedAt"
     FROM retention WHERE workspace_id = $1`,
    [workspaceId],
  );
  const [row] = rows;
  if (!row) return FOR_EVER;
  return {
    ...row,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    undecidedRemovedAt: row.undecidedRemovedAt?.toISOString() ?? null,
  };
}

interface StateRow extends Retention {
  readonly checkedAt: Date | null;
  readonly undecidedRemoved: number;
  readonly undecidedRemovedAt: Date | null;
}

/** Of a workspace that never said anything. */
const FOR_EVER: RetentionState = {
  succeededDays: null,
  failedDays: null,
  quarantineDays: null,
  auditDays: null,
  checkedAt: null,
  undecidedRemoved: 0,
  undecidedRemovedAt: null,
};

/** Saves it; what is old is looked for soon. */
export async function upsertRetention(
  client: pg.ClientBase,
  workspaceId: string,
  set: Retention,
): Promise<void> {
  await client.query(
    `INSERT INTO retention (workspace_id, succeeded_days, failed_days, quarantine_days, audit_days) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (workspace_id) DO UPDATE SET succeeded_days = excluded.succeeded_days, failed_days = excluded.failed_days,
       quarantine_days = excluded.quarantine_days, audit_days = excluded.audit_days, updated_at = now(), checked_at = NULL`,
    [workspaceId, set.succeededDays, set.failedDays, set.quarantineDays, set.auditDays],
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
       (SELECT count(*)::int FROM event WHERE ${oldQuarantined('undecided', '$4')}) AS "undecidedEvents",
       (SELECT count(*)::int FROM event WHERE ${oldQuarantined('discarded', '$3')}) AS "discardedEvents",
       (SELECT count(*)::int FROM audit_entry WHERE workspace_id = $1 AND at < ${ago('$5')}) AS "auditEntries"`,
    [workspaceId, set.succeededDays, set.failedDays, set.quarantineDays, set.auditDays],
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
         AND (succeeded_days IS NOT NULL OR failed_days IS NOT NULL
           OR quarantine_days IS NOT NULL OR audit_days IS NOT NULL)
       ORDER BY checked_at NULLS FIRST LIMIT 1 FOR UPDATE SKIP LOCKED)
     UPDATE retention SET checked_at = now() FROM due WHERE retention.workspace_id = due.workspace_id
     RETURNING retention.workspace_id AS "workspaceId", ${DAYS}`,
  );
  return rows[0] ?? null;
}

/** Quarantined events: those that nobody has decided on, and those that were discarded. Replayed ones go with their runs. */
export type QuarantinedKind = 'undecided' | 'discarded';

/** Which events of the workspace `$1` are of a kind and older than so many days, and no bulk action has yet to come to. */
function oldQuarantined(kind: QuarantinedKind, days: string): string {
  const since = kind === 'undecided' ? 'discarded_at IS NULL AND received_at' : 'discarded_at';
  return `workspace_id = $1 AND quarantine IS NOT NULL AND ${since} < ${ago(days)}
    AND NOT EXISTS (SELECT FROM bulk_item WHERE bulk_item.event_id = event.id AND bulk_item.status = 'pending')`;
}

export interface RemovedQuarantined {
  readonly flow: string;
  readonly events: number;
}

/**
 * Removes quarantined events of that age, so many at most, oldest first. The ledger counts them as removed, and the workspace those
 * that nobody had decided on. Resolves to how many went, by flow.
 */
export async function removeQuarantined(
  client: pg.ClientBase,
  { workspaceId, kind, days }: { workspaceId: string; kind: QuarantinedKind; days: number },
  limit: number,
): Promise<RemovedQuarantined[]> {
  const { rows } = await client.query<RemovedQuarantined>(
    `WITH gone AS MATERIALIZED (
       SELECT id FROM event WHERE ${oldQuarantined(kind, '$2')} ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED
     ), removed AS (
       DELETE FROM event USING gone WHERE event.id = gone.id RETURNING coalesce(event.flow_slug, '') AS slug
     ), by_flow AS (
       SELECT slug, count(*)::int AS events FROM removed GROUP BY slug
     ), counted AS (
       INSERT INTO ledger_count AS line (workspace_id, flow_slug, shard, removed)
       SELECT $1, slug, ledger_shard(), events FROM by_flow
       ON CONFLICT (workspace_id, flow_slug, shard) DO UPDATE SET removed = line.removed + excluded.removed
     ), told AS (
       UPDATE retention SET undecided_removed = undecided_removed + (SELECT sum(events) FROM by_flow), undecided_removed_at = now()
       WHERE workspace_id = $1 AND $4 AND EXISTS (SELECT FROM by_flow)
     )
     SELECT slug AS flow, events FROM by_flow ORDER BY slug`,
    [workspaceId, days, limit, kind === 'undecided'],
  );
  return rows;
}

/**
 * Removes what no run is left of: snapshots of drafts that were run by hand, and versions of flows that were deleted, so many days old.
 * Resolves to how many went.
 */
export async function removeUnusedVersions(
  client: pg.ClientBase,
  { workspaceId, days }: { workspaceId: string; days: number },
  limit: number,
): Promise<number> {
  const { rowCount } = await client.query(
    `WITH gone AS MATERIALIZED (
       SELECT id FROM flow_version
       WHERE workspace_id = $1 AND (number IS NULL OR flow_id IS NULL) AND created_at < ${ago('$2')}
         AND NOT EXISTS (SELECT FROM run WHERE run.flow_version_id = flow_version.id)
       ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
     DELETE FROM flow_version USING gone WHERE flow_version.id = gone.id`,
    [workspaceId, days, limit],
  );
  return rowCount ?? 0;
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
