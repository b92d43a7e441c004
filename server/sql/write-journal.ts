import type pg from 'pg';

/** What one flush writes; the lists are JSON text, made by `server/journal/journal-rows.ts`. */
export interface JournalBatch {
  readonly workerId: string;
  readonly runIds: readonly string[];
  /** The epoch of each of `runIds`. */
  readonly epochs: readonly number[];
  readonly steps: string;
  readonly attempts: string;
  /** Attempts that were announced and not made. */
  readonly unmade: string;
  readonly runs: string;
  readonly deadLetters: string;
  /** Ids of orders that the steps written here have obeyed. */
  readonly orders: readonly string[];
  /** True: each run is written for the first time, with nothing but its own row, steps and attempts, and let go. */
  readonly isWhole: boolean;
}

/** The record sets of `server/journal/journal-rows.ts`; times are seconds since 1970. */
const STEPS = (
  list: string,
) => `json_to_recordset(${list}::json) as s(r uuid, n text, k text, s text, p text[], i json, o json,
    e jsonb, a int, b float8, f float8, w float8, v text, h text, z json, l json)`;
const ATTEMPTS = (list: string) =>
  `json_to_recordset(${list}::json) as a(r uuid, n text, k text, a int, b float8, f float8, e jsonb)`;
const RUNS = (
  list: string,
) => `json_to_recordset(${list}::json) as u(r uuid, p int, s text, o json, y json, e jsonb,
    w float8, f float8, d boolean, l boolean, g int, t boolean, c text)`;

const INSERT_STEPS = `insert into step (run_id, node_id, key, status, ports, input, output, error, attempts, started_at,
    finished_at, next_attempt_at, waiting_for, held_by, state, logs)
  select s.r, s.n, s.k, s.s::step_status, s.p, s.i, s.o, s.e, s.a, to_timestamp(s.b), to_timestamp(s.f), to_timestamp(s.w), s.v, s.h, s.z, s.l`;
const INSERT_ATTEMPTS = `insert into attempt (run_id, node_id, key, number, started_at, finished_at, error)
  select a.r, a.n, a.k, a.a, to_timestamp(a.b), to_timestamp(a.f), a.e`;

/**
 * A run that is let go while a person asks for its cancellation, or that was sent a signal unknown to the activation, is due at
 * once.
 */
const UPDATE_RUN = `update run set status = u.s::run_status, output = coalesce(u.o, run.output), reply = coalesce(u.y, run.reply),
    error = u.e, finished_at = to_timestamp(u.f),
    wake_at = case when not u.l and u.f is null and (run.cancel_requested_at is not null or run.signals > u.g)
      then now() else to_timestamp(u.w) end,
    is_end_due = run.is_end_due or u.t, compensation = coalesce(u.c, run.compensation),
    deaths = case when u.d then 0 else run.deaths end,
    lease_worker_id = case when u.l then run.lease_worker_id end`;

/**
 * Still held by the worker. `is true`: by its index, all rows that it ever held would be read, until they are vacuumed away. The list has
 * the rows found by their ids also where the planner knows nothing of the table yet and would begin with all of it.
 */
const isOurs = (run: string, ids: string) =>
  `(${run}.lease_worker_id = $1) is true and ${run}.id = any(${ids})`;

/**
 * The whole flush in one statement and one commit. `fence` holds the runs that the worker still owns under the same epoch, locked
 * until the commit, so that no take-over can slip in between; rows of all others are left out.
 */
const WRITE = `
with fence as materialized (
  select r.id from unnest($2::uuid[], $3::int[]) as f(id, epoch)
  join run r on r.id = f.id and r.epoch = f.epoch and ${isOurs('r', '$2::uuid[]')}
  order by r.id for no key update of r
), steps as (
  ${INSERT_STEPS}
  from ${STEPS('$4')} join fence on fence.id = s.r
  on conflict (run_id, node_id, key) do update set status = excluded.status, ports = excluded.ports,
    input = excluded.input, output = excluded.output, error = excluded.error, attempts = excluded.attempts,
    started_at = excluded.started_at, finished_at = excluded.finished_at, next_attempt_at = excluded.next_attempt_at,
    waiting_for = excluded.waiting_for, held_by = excluded.held_by, state = excluded.state, logs = excluded.logs
), attempts as (
  ${INSERT_ATTEMPTS}
  from ${ATTEMPTS('$5')} join fence on fence.id = a.r
  on conflict (run_id, node_id, key, number) do update
    set finished_at = excluded.finished_at, error = excluded.error
), unmade as (
  delete from attempt using json_to_recordset($9::json) as u(r uuid, n text, k text, a int)
  join fence on fence.id = u.r
  where attempt.run_id = u.r and attempt.node_id = u.n and attempt.key = u.k and attempt.number = u.a
), runs as (
  ${UPDATE_RUN}
  from ${RUNS('$6')} join fence on fence.id = u.r
  where run.id = u.r
), dead as (
  insert into dead_letter (run_id, workspace_id, flow_slug, node_id, error_kind, error_code, cause)
  select d.r, d.w, d.f, d.n, d.k, d.c, d.g
  from json_to_recordset($7::json) as d(r uuid, w uuid, f text, n text, k text, c text, g text)
  join fence on fence.id = d.r
  on conflict (run_id) do update set node_id = excluded.node_id, error_kind = excluded.error_kind,
    error_code = excluded.error_code, cause = excluded.cause, created_at = now(), redriven_at = null, discarded_at = null,
    discard_reason = null
), obeyed as (
  update step_order set applied_at = now() from fence
  where step_order.id = any($8::bigint[]) and step_order.run_id = fence.id
)
select id from fence`;

/**
 * The same for runs of which nothing was on record and that are let go by it, the most of all: a third less work for Postgres. Their
 * own rows are the fence, in the order in which others lock them. (`is true` has the steps' ids looked up, not joined.)
 */
const WRITE_WHOLE = `
with kept as (
  ${UPDATE_RUN}
  from (select * from ${RUNS('$2')} order by r) u
  where run.id = u.r and run.epoch = u.p and ${isOurs('run', `array(select r from ${RUNS('$2')})`)}
  returning run.id
), steps as (
  ${INSERT_STEPS}
  from ${STEPS('$3')} where (s.r in (select id from kept)) is true
), attempts as (
  ${INSERT_ATTEMPTS}
  from ${ATTEMPTS('$4')} where (a.r in (select id from kept)) is true
)
select id from kept`;

/** Commits a batch. Resolves to the runs whose rows were written; the others have another owner by now. */
export async function writeJournal(pool: pg.Pool, batch: JournalBatch): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ id: string }>(batch.isWhole ? wholeQuery(batch) : query(batch));
  return new Set(rows.map(({ id }) => id));
}

function query(batch: JournalBatch): pg.QueryConfig {
  return {
    name: 'write_journal',
    text: WRITE,
    values: [
      batch.workerId,
      batch.runIds,
      batch.epochs,
      batch.steps,
      batch.attempts,
      batch.runs,
      batch.deadLetters,
      batch.orders,
      batch.unmade,
    ],
  };
}

function wholeQuery({ workerId, runs, steps, attempts }: JournalBatch): pg.QueryConfig {
  return { name: 'write_whole_runs', text: WRITE_WHOLE, values: [workerId, runs, steps, attempts] };
}
