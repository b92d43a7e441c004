import type pg from 'pg';

/** Any number: it only has to be the same in every process. */
const COUNT_LOCK = 7_219_307;

export interface StatMark {
  readonly now: Date;
  /** Until when everything is counted for good: a whole minute. */
  readonly until: Date;
  /** Whether it is time to hold what was counted against the runs. */
  readonly isCheckDue: boolean;
}

/**
 * How far the counting has come; null while another process counts, or did within `restMs`. Held to the end of the client's
 * transaction. The first time, it begins with the first run that there is.
 */
export async function lockStatMark(
  client: pg.ClientBase,
  { restMs, checkMs }: { restMs: number; checkMs: number },
): Promise<StatMark | null> {
  const { rows: locked } = await client.query<{ taken: boolean }>(
    `select pg_try_advisory_xact_lock(${COUNT_LOCK}) as taken`,
  );
  if (!locked[0]?.taken) return null;
  const { rows: known } = await client.query('select 1 from stat_mark');
  if (known.length === 0) await client.query(BEGIN);
  const { rows } = await client.query<StatMark & { isRested: boolean }>(
    `select clock_timestamp() as now, until, checked_at <= clock_timestamp() - make_interval(secs => $2) as "isCheckDue",
       looked_at <= clock_timestamp() - make_interval(secs => $1) as "isRested"
     from stat_mark`,
    [restMs / 1_000, checkMs / 1_000],
  );
  const mark = rows[0];
  return mark?.isRested ? mark : null;
}

const BEGIN = `
insert into stat_mark (id, until, looked_at, checked_at)
select 1, date_trunc('minute', least(now(), (select min(finished_at) from run where finished_at is not null),
  (select min(first.created_at) from workspace w cross join lateral
    (select min(created_at) as created_at from run where workspace_id = w.id) first))), '-infinity', now()`;

export async function moveStatMark(
  client: pg.ClientBase,
  { until, isChecked }: { until: Date; isChecked: boolean },
): Promise<void> {
  await client.query(
    `update stat_mark set until = $1, looked_at = clock_timestamp(),
       checked_at = case when $2 then clock_timestamp() else checked_at end`,
    [until, isChecked],
  );
}

/** Minutes from `from` on, counted for good, in which another number of runs ended than was counted: some were told late. */
export async function findMiscounted(client: pg.ClientBase, from: Date): Promise<Date[]> {
  const { rows } = await client.query<{ at: Date }>(
    `with mark as (select until from stat_mark), there as (
       select date_bin('1 minute', finished_at, timestamptz '1970-01-01 00:00:00+00') as at, count(*) as ended
       from run, mark where finished_at >= $1 and finished_at < mark.until group by 1
     ), counted as (
       select at, sum(succeeded + failed + cancelled) as ended
       from stat, mark where seconds = 60 and flow_slug = '' and at >= $1 and at < mark.until group by 1
     )
     select coalesce(there.at, counted.at) as at from there full join counted on counted.at = there.at
     where coalesce(there.ended, 0) <> coalesce(counted.ended, 0) order by 1`,
    [from],
  );
  return rows.map(({ at }) => at);
}

/**
 * Short stretches that no question is answered from any more; never those of the day that the counting has come to, of which longer ones
 * are still to be added up.
 */
export async function forgetOldStats(client: pg.ClientBase): Promise<void> {
  const before = (days: number) =>
    `at < least(now() - interval '${days} days', (select date_trunc('day', until, 'UTC') from stat_mark))`;
  for (const table of ['stat', 'stat_time'])
    await client.query(
      `delete from ${table} where seconds = 60 and ${before(8)} or seconds in (900, 3600) and ${before(190)}`,
    );
}
