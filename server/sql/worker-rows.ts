import type pg from 'pg';

import { DEATHS_AFTER, SUSPECT_DEATHS } from '#server/sql/suspects.ts';

/** A worker whose lock is free is taken for dead only after this long without a heartbeat: it may be reconnecting. */
const LOCK_GRACE = "interval '2 seconds'";
/** A worker that still holds its lock but is silent this long is stopped or cut off. */
const SILENCE = "interval '10 seconds'";
/**
 * So long after Postgres itself started nobody is taken for dead: its own death freed every lock and kept every worker
 * from writing a heartbeat, and whoever reconnects first would bury all the others.
 */
const HAS_SETTLED = "pg_postmaster_start_time() < now() - interval '5 seconds'";

/** True of every worker that died, and of some that did not. */
export const MAY_BE_DEAD = `heartbeat_at < now() - ${LOCK_GRACE}`;

/** Registers the worker, or says that it is alive. */
export async function beat(
  pool: pg.Pool,
  worker: { id: string; lockKey: string; isWard: boolean; host: string; pid: number; slots: number },
): Promise<{ now: Date }> {
  const { rows } = await pool.query<{ now: Date }>({
    name: 'worker_beat',
    text: `insert into worker (id, lock_key, is_ward, host, pid, slots, started_at, heartbeat_at)
      values ($1, $2, $3, $4, $5, $6, now(), now())
      on conflict (id) do update set heartbeat_at = now() returning clock_timestamp() as now`,
    values: [worker.id, worker.lockKey, worker.isWard, worker.host, worker.pid, worker.slots],
  });
  return { now: rows[0]!.now };
}

export async function forgetWorker(pool: pg.Pool, workerId: string): Promise<void> {
  await pool.query('delete from worker where id = $1', [workerId]);
}

/**
 * Workers that died: their session's lock is free, or they have been silent too long. Trying a lock takes it for the
 * length of this statement only.
 */
export async function findDeadWorkers(pool: pg.Pool, exceptId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'worker_find_dead',
    text: `select id from worker where id <> $1 and ${HAS_SETTLED} and (heartbeat_at < now() - ${SILENCE}
      or (heartbeat_at < now() - ${LOCK_GRACE} and pg_try_advisory_xact_lock(lock_key)))`,
    values: [exceptId],
  });
  return rows.map(({ id }) => id);
}

/** Strikes dead workers off and frees their runs: suspects for wards, all others for anybody. Resolves to the runs. */
export async function buryWorkers(pool: pg.Pool, workerIds: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'worker_bury',
    text: `with dead as (
        delete from worker where id = any($1::uuid[]) and heartbeat_at < now() - ${LOCK_GRACE} returning id, is_ward
      )
      update run set lease_worker_id = null, status = 'queued', deaths = ${DEATHS_AFTER},
        wake_at = case when ${DEATHS_AFTER} = ${SUSPECT_DEATHS} then null else now() end
      from dead where run.lease_worker_id = dead.id returning run.id`,
    values: [workerIds],
  });
  return rows.map(({ id }) => id);
}

/** Frees runs held by a worker that is not registered at all. Resolves to the runs. */
export async function freeOrphans(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'worker_free_orphans',
    text: `update run set lease_worker_id = null, status = 'queued', deaths = ${DEATHS_AFTER},
        wake_at = case when ${DEATHS_AFTER} = ${SUSPECT_DEATHS} then null else now() end
      from (select false as is_ward) dead
      where lease_worker_id is not null
        and not exists (select 1 from worker where worker.id = run.lease_worker_id) returning id`,
  });
  return rows.map(({ id }) => id);
}

/** Runs that have been due for a while and that nobody claimed: their wake-up was lost, or all workers are busy. */
export async function findOverdue(pool: pg.Pool, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'run_find_overdue',
    // Two indexes: one of the runs that stand in a line, one of the others.
    text: `(select id from run where wake_at < now() - interval '5 seconds' and concurrency_limit is null
        order by wake_at limit $1)
      union all
      (select id from run where wake_at < now() - interval '5 seconds' and concurrency_limit is not null
        order by wake_at limit $1)`,
    values: [limit],
  });
  return rows.map(({ id }) => id);
}

/**
 * Frees runs that this worker holds without having them in hand, if it was so at the last look, too.
 * Resolves to those, and to all that look so now.
 */
export async function freeStrays(
  pool: pg.Pool,
  look: { workerId: string; inHand: readonly string[]; seenBefore: ReadonlySet<string> },
): Promise<{ freed: string[]; seen: ReadonlySet<string> }> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'worker_find_strays',
    text: 'select id from run where lease_worker_id = $1 and id <> all($2::uuid[])',
    values: [look.workerId, look.inHand],
  });
  const seen = new Set(rows.map(({ id }) => id));
  const forgotten = [...seen].filter((id) => look.seenBefore.has(id));
  if (forgotten.length === 0) return { freed: [], seen };
  const freed = await pool.query<{ id: string }>({
    name: 'worker_free_strays',
    text: `update run set lease_worker_id = null, status = 'queued',
        wake_at = case when deaths = ${SUSPECT_DEATHS} then null else now() end
      where lease_worker_id = $1 and id = any($2::uuid[]) returning id`,
    values: [look.workerId, forgotten],
  });
  return { freed: freed.rows.map(({ id }) => id), seen };
}
