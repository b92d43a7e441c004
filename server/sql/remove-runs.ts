import type pg from 'pg';

/** Which runs of a workspace go: those that ended so, more than so many days ago. */
export interface OldRuns {
  readonly workspaceId: string;
  /** `succeeded` means cancelled ones, too. */
  readonly ended: 'succeeded' | 'failed';
  readonly days: number;
}

/** What a statement removed. */
export interface RemovedRuns {
  readonly runs: number;
  readonly events: number;
}

/** A failed run is over when somebody dealt with its dead letter, so long ago, too. */
const IS_OVER = {
  succeeded: `run.status IN ('succeeded', 'cancelled')`,
  failed: `run.status = 'failed' AND EXISTS (SELECT FROM dead_letter
      WHERE dead_letter.run_id = run.id AND coalesce(redriven_at, discarded_at) < now() - $2::int * interval '1 day')`,
} as const;

/**
 * The runs that may go. None that somebody still needs: a test was made of it, a bulk action has yet to come to it, or a run that
 * is not over replays it or called it. Of those that wait or are in doubt none has ended.
 */
const removable = (ended: OldRuns['ended']) => `run.workspace_id = $1
  AND run.finished_at < now() - $2::int * interval '1 day' AND run.created_at < now() - $2::int * interval '1 day'
  AND NOT run.is_end_due AND ${IS_OVER[ended]}
  AND NOT EXISTS (SELECT FROM flow_test WHERE flow_test.run_id = run.id)
  AND NOT EXISTS (SELECT FROM bulk_item WHERE bulk_item.run_id = run.id AND bulk_item.status = 'pending')
  AND NOT EXISTS (SELECT FROM run other WHERE other.replay_of = run.id AND other.finished_at IS NULL)
  AND NOT EXISTS (SELECT FROM run other WHERE other.id = run.parent_run_id AND other.finished_at IS NULL)`;

/** The first day (UTC, `2026-03-29`) of which runs may go; null for none. */
export async function findOldestDay(
  client: pg.ClientBase,
  { workspaceId, ended, days }: OldRuns,
): Promise<string | null> {
  const { rows } = await client.query<{ day: string }>(
    `SELECT to_char(run.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day FROM run
     WHERE ${removable(ended)} ORDER BY run.created_at LIMIT 1`,
    [workspaceId, days],
  );
  return rows[0]?.day ?? null;
}

/**
 * Removes the runs of one day with everything that is theirs, and the events that no run is left of; one statement. The ledger
 * counts them, so that it still adds up: what else deletes a run is not counted, and shows there.
 *
 * @param limit of runs, so that a busy day is no transaction of minutes; it takes several statements then.
 */
export async function removeDayOfRuns(
  client: pg.ClientBase,
  { workspaceId, ended, days }: OldRuns,
  { day, limit }: { readonly day: string; readonly limit: number },
): Promise<RemovedRuns> {
  const { rows } = await client.query<RemovedRuns>(
    `WITH gone AS MATERIALIZED (
       SELECT run.id, run.event_id FROM run
       WHERE ${removable(ended)}
         AND run.created_at >= $3::date::timestamp AT TIME ZONE 'UTC' AND run.created_at < ($3::date + 1)::timestamp AT TIME ZONE 'UTC'
       ORDER BY run.created_at LIMIT $4 FOR UPDATE SKIP LOCKED
     ), removed AS (
       DELETE FROM run USING gone WHERE run.id = gone.id RETURNING run.flow_slug
     ), events AS (
       DELETE FROM event USING (SELECT DISTINCT event_id FROM gone) of
       WHERE event.id = of.event_id AND event.quarantine IS NULL
         AND NOT EXISTS (SELECT FROM run WHERE run.event_id = event.id AND run.id NOT IN (SELECT id FROM gone))
       RETURNING event.id
     ), counted AS (
       INSERT INTO ledger_count AS line (workspace_id, flow_slug, shard, removed)
       SELECT $1, flow_slug, ledger_shard(), count(*) FROM removed GROUP BY flow_slug
       ON CONFLICT (workspace_id, flow_slug, shard) DO UPDATE SET removed = line.removed + excluded.removed
     )
     SELECT (SELECT count(*)::int FROM removed) AS runs, (SELECT count(*)::int FROM events) AS events`,
    [workspaceId, days, day, limit],
  );
  return rows[0]!;
}
