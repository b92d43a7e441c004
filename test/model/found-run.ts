import type pg from 'pg';

import type { Json } from '#core/json.ts';

import { stepName } from './prediction.ts';

/** A run as the database has it. */
export interface FoundRun {
  readonly id: string;
  readonly status: string;
  readonly output: Json;
  readonly error: { readonly kind: string; readonly code: string; readonly nodeId?: string } | null;
  readonly compensation: string | null;
  /** How often it was claimed. */
  readonly epoch: number;
  /** By `<node> <key>`. */
  readonly steps: ReadonlyMap<string, FoundStep>;
}

/** Times are milliseconds since 1970. */
export interface FoundStep {
  readonly nodeId: string;
  readonly key: string;
  readonly status: string;
  readonly ports: readonly string[];
  readonly output: Json;
  readonly error: { readonly kind: string; readonly code: string } | null;
  readonly attempts: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly attemptTimes: readonly {
    readonly number: number;
    /** True when it died with its worker. */
    readonly isGone: boolean;
    readonly startedAt: number;
    readonly finishedAt: number | null;
  }[];
}

type RunRow = Omit<FoundRun, 'steps'>;
type StepRow = Omit<FoundStep, 'attemptTimes'> & { readonly runId: string };
interface AttemptRow {
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
  readonly number: number;
  readonly isGone: boolean;
  readonly startedAt: number;
  readonly finishedAt: number | null;
}

const OVER = ['succeeded', 'failed', 'cancelled', 'in_doubt'];

/** Those of the given runs that are over, or stand still in doubt. */
export async function findEnded(db: pg.Pool, runIds: readonly string[]): Promise<FoundRun[]> {
  const { rows } = await db.query<RunRow>(
    `select id, status, output, error, compensation, epoch from run
     where id = any($1::uuid[]) and status = any($2::run_status[])`,
    [runIds, OVER],
  );
  return withSteps(db, rows);
}

/** The given runs as they are now. */
export async function readRuns(db: pg.Pool, runIds: readonly string[]): Promise<FoundRun[]> {
  const { rows } = await db.query<RunRow>(
    'select id, status, output, error, compensation, epoch from run where id = any($1::uuid[])',
    [runIds],
  );
  return withSteps(db, rows);
}

async function withSteps(db: pg.Pool, runs: readonly RunRow[]): Promise<FoundRun[]> {
  if (runs.length === 0) return [];
  const ids = [runs.map((run) => run.id)];
  const steps = await db.query<StepRow>(
    `select run_id as "runId", node_id as "nodeId", key, status, ports, error, attempts,
       case when node_id = 'start' and status = 'succeeded' then (
         -- What a trigger puts out is its event.
         select convert_from(event.body, 'UTF8')::json from run join event on event.id = run.event_id where run.id = run_id
       ) else output end as output,
       (extract(epoch from started_at) * 1000)::float8 as "startedAt",
       (extract(epoch from finished_at) * 1000)::float8 as "finishedAt"
     from step where run_id = any($1::uuid[])`,
    ids,
  );
  const attempts = await db.query<AttemptRow>(
    `select run_id as "runId", node_id as "nodeId", key, number,
       coalesce(error->>'code' = 'worker_gone', false) as "isGone",
       (extract(epoch from started_at) * 1000)::float8 as "startedAt",
       (extract(epoch from finished_at) * 1000)::float8 as "finishedAt"
     from attempt where run_id = any($1::uuid[]) order by number`,
    ids,
  );
  const nameOf = (row: { runId: string; nodeId: string; key: string }) =>
    `${row.runId} ${stepName(row.nodeId, row.key)}`;
  const stepsOf = Map.groupBy(steps.rows, (row) => row.runId);
  const attemptsOf = Map.groupBy(attempts.rows, nameOf);
  return runs.map((run) => ({
    ...run,
    steps: new Map(
      (stepsOf.get(run.id) ?? []).map((row) => [
        stepName(row.nodeId, row.key),
        { ...row, attemptTimes: attemptsOf.get(nameOf(row)) ?? [] },
      ]),
    ),
  }));
}

/** Runs that the worker with this id holds. */
export async function runsHeldBy(db: pg.Pool, workerId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select id from run where lease_worker_id = $1', [
    workerId,
  ]);
  return rows.map((row) => row.id);
}

/** Names (`<run> <node> <key>`) of the steps of these runs that are committed as succeeded. */
export async function committedSteps(db: pg.Pool, runIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select run_id || ' ' || node_id || ' ' || key as name from step
     where run_id = any($1::uuid[]) and status = 'succeeded'`,
    [runIds],
  );
  return rows.map((row) => row.name);
}
