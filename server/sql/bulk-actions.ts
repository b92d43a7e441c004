import type pg from 'pg';

import type { BulkAction, BulkItem } from '#core/api/bulk-actions.ts';
import type { RunStatus } from '#core/api/runs.ts';
import { pool } from '#server/db/pool.ts';

export interface BulkActionRow {
  readonly id: string;
  readonly kind: BulkAction['kind'];
  readonly status: BulkAction['status'];
  readonly isSample: boolean;
  readonly filter: unknown;
  readonly options: unknown;
  readonly ratePerSecond: number | null;
  readonly sampleSize: number | null;
  readonly total: number;
  readonly counts: Readonly<Partial<Record<BulkItem['status'], number>>> | null;
  readonly results: Readonly<Partial<Record<RunStatus, number>>> | null;
  readonly createdAt: Date;
  /** To the microsecond, which a Date cannot hold and a cursor needs. */
  readonly createdAtExact: string;
  readonly createdBy: string;
  readonly finishedAt: Date | null;
}

/** Every item of the sample was dealt with, and nobody let the rest through yet. */
const IS_SAMPLED_OUT = `a.sample_size IS NOT NULL AND NOT a.is_sampled AND NOT EXISTS (
    SELECT FROM bulk_item i WHERE i.bulk_action_id = a.id AND i.status = 'pending' AND i.position <= a.sample_size)`;

/** The workspace's bulk actions, newest first; only one when `id` is given. */
export async function selectBulkActions(where: {
  readonly workspaceId: string;
  readonly id?: string;
  readonly after?: { readonly createdAt: string; readonly id: string } | undefined;
  readonly limit: number;
}): Promise<BulkActionRow[]> {
  const { rows } = await pool().query<BulkActionRow>(
    `SELECT a.id, a.kind, a.status, a.status = 'paused' AND ${IS_SAMPLED_OUT} AS "isSample", a.filter, a.options,
       a.rate_per_second AS "ratePerSecond", a.sample_size AS "sampleSize", a.total, counts.counts, results.results,
       a.created_at AS "createdAt", a.created_by_name AS "createdBy", a.finished_at AS "finishedAt",
       to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdAtExact"
     FROM bulk_action a
     CROSS JOIN LATERAL (
       SELECT json_object_agg(status, n) AS counts FROM (
         SELECT status, count(*)::int AS n FROM bulk_item WHERE bulk_action_id = a.id GROUP BY status) AS c) AS counts
     CROSS JOIN LATERAL (
       SELECT json_object_agg(status, n) AS results FROM (
         SELECT r.status, count(*)::int AS n FROM bulk_item i JOIN run r ON r.id = i.result_run_id
         WHERE i.bulk_action_id = a.id GROUP BY r.status) AS c) AS results
     WHERE a.workspace_id = $1 AND ($2::uuid IS NULL OR a.id = $2)
       AND ($3::timestamptz IS NULL OR (a.created_at, a.id) < ($3::timestamptz, $4::uuid))
     ORDER BY a.created_at DESC, a.id DESC
     LIMIT $5`,
    [where.workspaceId, where.id, where.after?.createdAt, where.after?.id, where.limit],
  );
  return rows;
}

/** True when the workspace has the bulk action. */
export async function hasBulkAction(where: {
  readonly workspaceId: string;
  readonly id: string;
}): Promise<boolean> {
  const { rowCount } = await pool().query('SELECT FROM bulk_action WHERE id = $1 AND workspace_id = $2', [
    where.id,
    where.workspaceId,
  ]);
  return rowCount === 1;
}

export interface BulkItemRow extends Omit<BulkItem, 'doneAt'> {
  readonly doneAt: Date | null;
}

/** Items of a bulk action in their order. */
export async function selectBulkItems(where: {
  readonly bulkActionId: string;
  readonly status?: BulkItem['status'] | undefined;
  /** Those behind this place. */
  readonly after: number;
  readonly limit: number;
}): Promise<BulkItemRow[]> {
  const { rows } = await pool().query<BulkItemRow>(
    `SELECT i.position, i.run_id AS "runId", i.event_id AS "eventId", i.status, i.result_run_id AS "resultRunId", r.status AS "resultStatus",
       i.message, i.done_at AS "doneAt"
     FROM bulk_item i LEFT JOIN run r ON r.id = i.result_run_id
     WHERE i.bulk_action_id = $1 AND ($2::text IS NULL OR i.status = $2) AND i.position > $3
     ORDER BY i.position LIMIT $4`,
    [where.bulkActionId, where.status, where.after, where.limit],
  );
  return rows;
}

/** Holds a bulk action to the end of the transaction, which a worker at it finishes its batch before; undefined when there is none. */
export async function lockBulkAction(
  client: pg.ClientBase,
  target: { readonly id: string; readonly workspaceId: string },
): Promise<{ readonly status: BulkAction['status'] } | undefined> {
  const { rows } = await client.query<{ status: BulkAction['status'] }>(
    'SELECT status FROM bulk_action WHERE id = $1 AND workspace_id = $2 FOR NO KEY UPDATE',
    [target.id, target.workspaceId],
  );
  return rows[0];
}

/** Keeps the place; nothing more is begun. */
export async function pauseLocked(client: pg.ClientBase, id: string): Promise<void> {
  await client.query("UPDATE bulk_action SET status = 'paused', next_at = NULL WHERE id = $1", [id]);
}

/** Goes on from where it stands; after its sample, with the rest. */
export async function continueLocked(client: pg.ClientBase, id: string): Promise<void> {
  await client.query(
    `UPDATE bulk_action a SET status = 'running', next_at = now(), is_sampled = a.is_sampled OR (${IS_SAMPLED_OUT})
     WHERE a.id = $1`,
    [id],
  );
}

/** Leaves what is pending untouched, for good. */
export async function cancelLocked(client: pg.ClientBase, id: string): Promise<void> {
  await client.query(
    "UPDATE bulk_action SET status = 'cancelled', next_at = NULL, finished_at = now() WHERE id = $1",
    [id],
  );
}

/** Sets the rate, null for none; a faster one counts from now on. */
export async function paceLocked(client: pg.ClientBase, id: string, rate: number | null): Promise<void> {
  await client.query(
    `UPDATE bulk_action SET rate_per_second = $2,
       next_at = CASE WHEN status = 'running'
         THEN least(next_at, now() + coalesce(1 / $2::float8, 0) * interval '1 second') END
     WHERE id = $1`,
    [id, rate],
  );
}
