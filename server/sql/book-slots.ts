import type pg from 'pg';

/** A run in hand whose flow lets only so many begin in a time. */
export interface SlotRequest {
  readonly runId: string;
  readonly epoch: number;
  /** What lies between two slots of its flow. */
  readonly seconds: number;
}

/**
 * Books for each run the next free slot of its flow, by the database's clock: slots lie evenly, and none is saved up. A run
 * whose slot has come goes on; the others are given back, due when theirs comes, and pass then. Resolves to the runs that
 * go on, and to when the first of the others is due; runs that this worker holds no longer are in neither.
 */
export async function bookSlots(
  pool: pg.Pool,
  workerId: string,
  requests: readonly SlotRequest[],
): Promise<{ going: ReadonlySet<string>; dueAt: readonly Date[] }> {
  const { rows } = await pool.query<{ id: string; wake_at: Date | null }>({
    name: 'book_slots',
    text: BOOK,
    values: [
      workerId,
      requests.map(({ runId }) => runId),
      requests.map(({ epoch }) => epoch),
      requests.map(({ seconds }) => seconds),
    ],
  });
  return {
    going: new Set(rows.filter((row) => row.wake_at === null).map(({ id }) => id)),
    dueAt: rows.flatMap((row) => row.wake_at ?? []),
  };
}

/** A flow that was deleted limits nothing any more. */
const BOOK = `
with asked as materialized (
  select r.id, r.epoch, r.flow_id, a.seconds, a.place
  from unnest($2::uuid[], $3::int[], $4::float8[]) with ordinality as a (id, epoch, seconds, place)
  join run r on r.id = a.id and r.epoch = a.epoch and r.lease_worker_id = $1
), booked as (
  insert into flow_rate as rate (flow_id, free_at)
  select flow_id, now() + sum(seconds) * interval '1 second' from asked
  where flow_id is not null group by flow_id order by flow_id
  on conflict (flow_id) do update set free_at = greatest(rate.free_at, now()) + (excluded.free_at - now())
  returning flow_id, free_at
), slots as (
  select asked.id, asked.epoch, coalesce(booked.free_at
    - sum(asked.seconds) over (partition by asked.flow_id order by asked.place desc) * interval '1 second', now()) as slot
  from asked left join booked on booked.flow_id = asked.flow_id
)
update run r set admitted_at = now(),
  status = case when slot > now() then 'queued' else r.status end,
  wake_at = case when slot > now() then slot end,
  lease_worker_id = case when slot > now() then null else r.lease_worker_id end,
  started_at = case when slot > now() then null else r.started_at end
from slots where r.id = slots.id and r.epoch = slots.epoch and r.lease_worker_id = $1
returning r.id, r.wake_at`;
