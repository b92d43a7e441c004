import type pg from 'pg';

import type { BulkAction, BulkItem } from '#core/api/bulk-actions.ts';

/** A worker that comes late may catch up on so much, in seconds. Within any second the rate holds all the same. */
const CATCH_UP_SECONDS = 1;

/** A bulk action of which items are due, held by the transaction. */
export interface DueBulkAction {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: BulkAction['kind'];
  readonly options: unknown;
  /** As an audit entry names its actor. */
  readonly createdBy: string;
  readonly createdByName: string;
}

export interface DueBulkItem {
  readonly position: number;
  /** Null where the action is about events. */
  readonly runId: string | null;
  /** The event, or that of the run; null for a run that began with none. */
  readonly eventId: string | null;
}

/** What became of an item. */
export interface BulkOutcome {
  readonly position: number;
  readonly status: Exclude<BulkItem['status'], 'pending'>;
  readonly resultRunId: string | null;
  readonly message: string | null;
}

/** Milliseconds until an item of any action is due, by the database's clock; null while none is. */
export async function untilBulkDue(pool: pg.Pool): Promise<number | null> {
  const { rows } = await pool.query<{ ms: number | null }>({
    name: 'bulk_until_due',
    text: `SELECT (extract(epoch FROM min(next_at) - clock_timestamp()) * 1000)::float8 AS ms
      FROM bulk_action WHERE next_at IS NOT NULL`,
  });
  return rows[0]?.ms ?? null;
}

/**
 * Holds the action that is due the longest, unless another worker does or it is one of `passedOver`; undefined when there is
 * none.
 */
export async function takeDueBulkAction(
  client: pg.ClientBase,
  passedOver: readonly string[],
): Promise<DueBulkAction | undefined> {
  const { rows } = await client.query<DueBulkAction>({
    name: 'bulk_take',
    text: `SELECT id, workspace_id AS "workspaceId", kind, options, created_by AS "createdBy",
        created_by_name AS "createdByName"
      FROM bulk_action WHERE next_at <= now() AND id <> ALL ($1::uuid[])
      ORDER BY next_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
    values: [passedOver],
  });
  return rows[0];
}

/**
 * How many items of a held action may begin now: those whose slots have come, and never more than the rate within any
 * second. Zero when the second is used up. A statement of its own, so that it sees what the last worker committed.
 */
export async function countAllowedItems(client: pg.ClientBase, id: string, atMost: number): Promise<number> {
  const { rows } = await client.query<{ allowed: number }>({
    name: 'bulk_allowed',
    text: `SELECT CASE WHEN a.rate_per_second IS NULL THEN $2::int ELSE greatest(0, least($2::int,
          floor(extract(epoch FROM now() - ${slot('a')}) * a.rate_per_second) + 1,
          ceil(a.rate_per_second) - (
            SELECT count(*) FROM bulk_item i, (
              SELECT min(position) AS first FROM bulk_item p WHERE p.bulk_action_id = a.id AND p.status = 'pending') AS place
            WHERE i.bulk_action_id = a.id AND i.done_at > now() - interval '1 second'
              AND i.position < place.first AND i.position >= place.first - ceil(a.rate_per_second)::int)))::int
        END AS allowed
      FROM bulk_action a WHERE a.id = $1`,
    values: [id, atMost],
  });
  return rows[0]?.allowed ?? 0;
}

/** The next items of a held action; up to the end of its sample while that was not let through. */
export async function nextBulkItems(
  client: pg.ClientBase,
  id: string,
  limit: number,
): Promise<DueBulkItem[]> {
  const { rows } = await client.query<DueBulkItem>({
    name: 'bulk_items',
    text: `SELECT i.position, i.run_id AS "runId", coalesce(i.event_id, r.event_id) AS "eventId"
      FROM bulk_action a JOIN bulk_item i ON i.bulk_action_id = a.id LEFT JOIN run r ON r.id = i.run_id
      WHERE a.id = $1 AND i.status = 'pending'
        AND (a.is_sampled OR a.sample_size IS NULL OR i.position <= a.sample_size)
      ORDER BY i.position LIMIT $2`,
    values: [id, limit],
  });
  return rows;
}

/**
 * Records what became of items and moves the held action on: its next slot, a pause after the sample, or its end. Call it
 * last in the transaction that held the action, so that the time of the items is that of their commit.
 */
export async function settleBulkItems(
  client: pg.ClientBase,
  id: string,
  outcomes: readonly BulkOutcome[],
): Promise<void> {
  await client.query({
    name: 'bulk_settle_items',
    text: `UPDATE bulk_item i SET status = o.status, result_run_id = o.run_id, message = o.message, done_at = clock_timestamp()
      FROM unnest($2::int[], $3::text[], $4::uuid[], $5::text[]) AS o (position, status, run_id, message)
      WHERE i.bulk_action_id = $1 AND i.position = o.position`,
    values: [
      id,
      outcomes.map(({ position }) => position),
      outcomes.map(({ status }) => status),
      outcomes.map(({ resultRunId }) => resultRunId),
      outcomes.map(({ message }) => message),
    ],
  });
  await client.query({ name: 'bulk_move_on', text: MOVE_ON, values: [id, outcomes.length] });
}

const MOVE_ON = `
  UPDATE bulk_action a SET
    status = left_over.status,
    finished_at = CASE WHEN left_over.status = 'done' THEN now() END,
    next_at = CASE WHEN left_over.status <> 'running' THEN NULL WHEN a.rate_per_second IS NULL THEN clock_timestamp()
      ELSE ${slot('a')} + $2::int / a.rate_per_second * interval '1 second' END
  FROM (
    SELECT CASE
      WHEN first.position IS NULL THEN 'done'
      WHEN NOT b.is_sampled AND first.position > b.sample_size THEN 'paused'
      ELSE 'running' END AS status
    FROM bulk_action b LEFT JOIN LATERAL (
      SELECT min(position) AS position FROM bulk_item WHERE bulk_action_id = b.id AND status = 'pending') AS first ON true
    WHERE b.id = $1) AS left_over
  WHERE a.id = $1`;

/** The slot that counts: the next one, or where that passed too long ago a later one. */
function slot(alias: string): string {
  return `greatest(${alias}.next_at, now() - interval '${CATCH_UP_SECONDS} seconds')`;
}
