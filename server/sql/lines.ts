import type pg from 'pg';

/** Any number: it only has to be the same in every process. */
const LINE_LOCK = 7_219_302;

/** The flow that a line belongs to; all that were deleted count as one. The indexes name exactly this. */
export const GROUP = `coalesce(flow_id, '00000000-0000-0000-0000-000000000000'::uuid)`;

/** True of a run that stands in line: it did not begin yet, or was resumed and did not begin again. The indexes name exactly this. */
export const IN_LINE = `(started_at is null or is_back_in_line)`;
/** True of a run that began, and keeps its turn until it ends. */
export const HAS_TURN = `started_at is not null and not is_back_in_line`;

/**
 * Held to the end of the transaction by whoever decides which runs of a line may begin, or wakes the next: what commits
 * before is seen by the statements after, so that no two count differently.
 */
export async function lockLines(client: pg.ClientBase): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(${LINE_LOCK})`);
}

/** Wakes the first of the lines in which the given, ended runs stood. Hold the lines. Resolves to the woken runs. */
export async function wakeNextInLine(client: pg.ClientBase, endedIds: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>({
    name: 'wake_next_in_line',
    text: `
      with lines as (
        select distinct ${GROUP} as f, concurrency_key as k from run
        where id = any($1::uuid[]) and concurrency_limit is not null)
      update run set wake_at = now() from lines cross join lateral (
        select id from run
        where ${GROUP} = lines.f and concurrency_key = lines.k and cancel_requested_at is null
          and concurrency_limit is not null and ${IN_LINE} and finished_at is null
        order by id limit 1) first
      where run.id = first.id and run.wake_at is null and run.lease_worker_id is null and run.finished_at is null
      returning run.id`,
    values: [endedIds],
  });
  return rows.map(({ id }) => id);
}

/** Wakes the first of every line that has a turn free and nobody awake: a crash came between an end and its telling. */
export async function wakeForgottenLines(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'wake_forgotten_lines',
    text: `
      with first as (
        select distinct on (${GROUP}, concurrency_key) id, ${GROUP} as f, concurrency_key as k, wake_at, concurrency_limit
        from run
        where concurrency_limit is not null and ${IN_LINE} and finished_at is null and cancel_requested_at is null
        order by ${GROUP}, concurrency_key, id)
      update run set wake_at = now() from first
      where run.id = first.id and first.wake_at is null and run.wake_at is null and run.lease_worker_id is null
        and (run.started_at is null or run.is_back_in_line)
        and first.concurrency_limit > (
          select count(*) from run begun
          where coalesce(begun.flow_id, '00000000-0000-0000-0000-000000000000'::uuid) = first.f
            and begun.concurrency_key = first.k and begun.concurrency_limit is not null
            and begun.started_at is not null and not begun.is_back_in_line and begun.finished_at is null)
      returning run.id`,
  });
  return rows.map(({ id }) => id);
}
