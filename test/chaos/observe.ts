import type pg from 'pg';

import type { RunRow, StepRow, Timeout } from './records.ts';

/** Steps that stand in doubt now, with their last attempt; `settledAs` is for who settles them. */
export interface FoundDoubt {
  readonly run: string;
  readonly node: string;
  readonly item: string;
  readonly code: string;
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** All runs with the sender's id of their event. */
export async function readRuns(db: pg.Pool): Promise<readonly RunRow[]> {
  const { rows } = await db.query<RunRow>(
    `select run.id, coalesce(event.dedupe_key, '') as event, run.flow_slug as flow, run.status::text as status,
       run.error->>'code' as "errorCode"
     from run left join event on event.id = run.event_id`,
  );
  return rows;
}

export async function readSteps(db: pg.Pool): Promise<readonly StepRow[]> {
  const { rows } = await db.query<StepRow>(
    `select run_id as run, node_id as node, key as item, status::text as status,
       extract(epoch from finished_at)::float * 1000 as "finishedAt" from step`,
  );
  return rows;
}

export async function readTimeouts(db: pg.Pool): Promise<readonly Timeout[]> {
  const { rows } = await db.query<Timeout>(
    `select run_id as run, node_id as node, key as item, extract(epoch from finished_at)::float * 1000 as at
     from attempt where error->>'code' = 'timeout' and finished_at is not null`,
  );
  return rows;
}

export async function readDoubts(db: pg.Pool): Promise<readonly FoundDoubt[]> {
  const { rows } = await db.query<FoundDoubt>(
    `select step.run_id as run, step.node_id as node, step.key as item, step.error->>'code' as code,
       extract(epoch from attempt.started_at)::float * 1000 as "startedAt",
       extract(epoch from attempt.finished_at)::float * 1000 as "finishedAt"
     from step join attempt on attempt.run_id = step.run_id and attempt.node_id = step.node_id
       and attempt.key = step.key and attempt.number = step.attempts
     where step.status = 'in_doubt'`,
  );
  return rows;
}

/** How many runs go on by themselves. */
export async function countGoing(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    "select count(*)::int as count from run where status in ('queued', 'running', 'waiting')",
  );
  return rows[0]?.count ?? 0;
}
