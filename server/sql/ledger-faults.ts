import type pg from 'pg';

import type { LedgerFault } from '#core/api/ledger.ts';
import { GROUP, HAS_TURN, IN_LINE } from '#server/sql/lines.ts';
import { SUSPECT_DEATHS } from '#server/sql/suspects.ts';

/** A look for rows that must not be. */
interface FaultQuery {
  readonly code: string;
  /** What is wrong with them, for a person. */
  readonly message: string;
  /** Selects `id` for a workspace ($1): of the runs, unless `of` says otherwise. */
  readonly sql: string;
  /** Default `run`. */
  readonly of?: 'run' | 'event';
}

/** A worker that was not heard of for so long is gone; its peers free its runs long before. */
const GONE = "interval '30 seconds'";

/**
 * Every one of them is wrong in any snapshot: what belongs together is committed together, so none is seen half done under
 * load.
 */
const QUERIES: readonly FaultQuery[] = [
  {
    code: 'event_without_run',
    message: 'Events were accepted and have no run.',
    of: 'event',
    // By two indexes alone; the rows, with their bodies, are read only of what is left.
    sql: `WITH alone AS MATERIALIZED (
        SELECT event.id FROM event WHERE NOT EXISTS (SELECT FROM run WHERE run.event_id = event.id))
      SELECT event.id FROM alone JOIN event ON event.id = alone.id
      WHERE event.workspace_id = $1 AND event.quarantine IS NULL`,
  },
  {
    code: 'run_asleep',
    message: 'Runs are not over, and nothing will wake them.',
    // In doubt, a run waits for an order; a suspect, for a ward. In line, it waits for its turn: the first of a line must be awake once one is free
    // and every end of the line is told.
    sql: `WITH asleep AS MATERIALIZED (
        SELECT id, ${GROUP} AS line, concurrency_key AS key, concurrency_limit AS places, status, deaths,
          status = 'queued' AND concurrency_limit IS NOT NULL AND ${IN_LINE} AND cancel_requested_at IS NULL AS is_in_line
        FROM run
        WHERE workspace_id = $1 AND wake_at IS NULL AND lease_worker_id IS NULL AND finished_at IS NULL
      ), first AS MATERIALIZED (
        SELECT * FROM asleep WHERE is_in_line AND NOT EXISTS (
          SELECT FROM run WHERE ${GROUP} = asleep.line AND concurrency_key = asleep.key AND run.id < asleep.id
            AND concurrency_limit IS NOT NULL AND ${IN_LINE} AND finished_at IS NULL AND cancel_requested_at IS NULL)
      )
      SELECT id FROM asleep WHERE NOT is_in_line AND status <> 'in_doubt' AND deaths <> ${SUSPECT_DEATHS}
      UNION ALL
      SELECT id FROM asleep WHERE status = 'in_doubt'
        AND EXISTS (SELECT FROM step_order WHERE run_id = asleep.id AND applied_at IS NULL)
      UNION ALL
      SELECT id FROM first
      WHERE places > (SELECT count(*) FROM run WHERE ${GROUP} = first.line AND concurrency_key = first.key
          AND concurrency_limit IS NOT NULL AND ${HAS_TURN} AND finished_at IS NULL)
        AND NOT EXISTS (SELECT FROM run WHERE is_end_due AND ${GROUP} = first.line AND concurrency_key = first.key)`,
  },
  {
    code: 'wait_without_source',
    message: 'Runs wait for an answer, or for a run that they called, which can no longer come.',
    sql: `SELECT DISTINCT run.id FROM step JOIN run ON run.id = step.run_id
      WHERE step.status = 'waiting' AND step.waiting_for IN ('approval', 'call')
        AND (step.next_attempt_at IS NULL OR step.next_attempt_at > now())
        AND run.workspace_id = $1 AND run.status = 'waiting' AND run.lease_worker_id IS NULL
        AND (run.wake_at IS NULL OR run.wake_at > now())
        AND NOT EXISTS (SELECT FROM signal
          WHERE signal.run_id = step.run_id AND signal.node_id = step.node_id AND signal.key = step.key)
        AND CASE step.waiting_for
          WHEN 'approval' THEN NOT EXISTS (SELECT FROM approval
            WHERE approval.run_id = step.run_id AND approval.node_id = step.node_id AND approval.key = step.key
              AND approval.decision IS NULL)
          ELSE NOT EXISTS (SELECT FROM run called
            WHERE called.parent_run_id = step.run_id AND called.parent_node_id = step.node_id
              AND called.parent_key = step.key AND (called.finished_at IS NULL OR called.is_end_due))
        END`,
  },
  {
    code: 'failed_without_dead_letter',
    message: 'Runs ended failed and have no dead letter.',
    sql: `SELECT run.id FROM run WHERE workspace_id = $1 AND status = 'failed'
      AND NOT EXISTS (SELECT FROM dead_letter WHERE dead_letter.run_id = run.id)`,
  },
  {
    code: 'ended_with_open_steps',
    message: 'Runs have ended, and steps of theirs have not.',
    sql: `SELECT DISTINCT run.id FROM step JOIN run ON run.id = step.run_id
      WHERE step.status IN ('running', 'waiting', 'in_doubt')
        AND run.workspace_id = $1 AND run.status IN ('succeeded', 'failed', 'cancelled')`,
  },
  {
    code: 'step_without_run',
    // They belong to no workspace any more, so that each is told.
    message: 'There are steps whose run is gone.',
    sql: `SELECT DISTINCT step.run_id AS id FROM step
      WHERE $1::uuid IS NOT NULL AND NOT EXISTS (SELECT FROM run WHERE run.id = step.run_id)`,
  },
  {
    code: 'doubt_without_step',
    message: 'Runs are in doubt, and none of their steps is: nobody can settle them.',
    sql: `SELECT run.id FROM run WHERE workspace_id = $1 AND status = 'in_doubt'
      AND NOT EXISTS (SELECT FROM step WHERE step.run_id = run.id AND step.status = 'in_doubt')`,
  },
  {
    code: 'lease_of_nobody',
    message: 'Runs are held by workers that have been gone for more than 30 seconds.',
    sql: `SELECT run.id FROM run LEFT JOIN worker ON worker.id = run.lease_worker_id
      WHERE run.workspace_id = $1 AND run.lease_worker_id IS NOT NULL
        AND coalesce(worker.heartbeat_at, run.resumed_at, run.started_at, run.created_at) < now() - ${GONE}`,
  },
];

const EXAMPLES = 10;

/** All that is wrong with the rows of a workspace, one kind after the other, in the client's transaction. */
export async function findFaults(client: pg.ClientBase, workspaceId: string): Promise<LedgerFault[]> {
  const faults: LedgerFault[] = [];
  for (const { code, message, sql, of = 'run' } of QUERIES) {
    const { rows } = await client.query<{ count: number; ids: string[] }>(
      `SELECT count(*)::int AS count, coalesce((array_agg(id ORDER BY id))[1:${EXAMPLES}], '{}') AS ids FROM (${sql}) found`,
      [workspaceId],
    );
    const { count, ids } = rows[0]!;
    if (count === 0) continue;
    if (of === 'run') faults.push({ code, message, count, runIds: ids });
    else faults.push({ code, message: `${message} They are: ${ids.join(', ')}.`, count, runIds: [] });
  }
  return faults;
}
