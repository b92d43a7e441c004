import type pg from 'pg';

import type { Stretch } from '#core/stats/cover.ts';
import { GROWTH, SHORTEST_MS } from '#core/stats/histogram.ts';

/** A part of time, `from` inclusive, `to` exclusive; whole minutes. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** Any instant at which a day of UTC begins. */
const EPOCH = "timestamptz '1970-01-01 00:00:00+00'";

function msBetween(from: string, to: string): string {
  return `extract(epoch from ${to} - ${from})::float8 * 1000`;
}

function bucket(ms: string): string {
  return `floor(ln(greatest(${ms}, ${SHORTEST_MS})) / ${Math.log(GROWTH)})::int`;
}

/**
 * The minutes of a span, from the runs themselves. A run counts as accepted when it was made, and with all else when it ended. Steps
 * that a replay took over did not run. Rows with an empty slug are of the workspace as a whole. Steps are looked up run by run: a
 * join would read the whole table for the few runs of a minute.
 */
const COUNT_RUNS = `
with began as (
  select r.workspace_id, r.flow_slug, date_bin('1 minute', r.created_at, ${EPOCH}) as at
  from workspace w join run r on r.workspace_id = w.id and r.created_at >= $1 and r.created_at < $2
), ended as materialized (
  select r.id, r.workspace_id, r.flow_slug, date_bin('1 minute', r.finished_at, ${EPOCH}) as at, r.status,
    r.created_at, r.started_at, r.finished_at
  from run r where r.finished_at >= $1 and r.finished_at < $2
), steps as materialized (
  select e.id, e.workspace_id, e.flow_slug, e.at, e.created_at, s.node_id, s.started_at, s.finished_at, s.attempts
  from ended e cross join lateral (select * from step where run_id = e.id offset 0) s
  where not s.is_reused and s.started_at is not null
), firsts as (
  select id, workspace_id, flow_slug, at, created_at, min(started_at) filter (where started_at >= created_at) as started_at,
    sum(greatest(attempts - 1, 0)) as retries
  from steps group by id, workspace_id, flow_slug, at, created_at
), counted as (
  select workspace_id, flow_slug, at, 1 as accepted, 0 as succeeded, 0 as failed, 0 as cancelled, 0 as retries from began
  union all select workspace_id, flow_slug, at, 0, (status = 'succeeded')::int, (status = 'failed')::int,
    (status = 'cancelled')::int, 0 from ended
  union all select workspace_id, flow_slug, at, 0, 0, 0, 0, retries from firsts
), stats as (
  insert into stat (workspace_id, flow_slug, seconds, at, accepted, succeeded, failed, cancelled, retries)
  select workspace_id, coalesce(flow_slug, ''), 60, at, sum(accepted), sum(succeeded), sum(failed), sum(cancelled), sum(retries)
  from counted group by grouping sets ((workspace_id, at, flow_slug), (workspace_id, at))
), timed as (
  select workspace_id, flow_slug, at, measure, node_id, ${bucket('ms')} as bucket, count(*)::int as count
  from (
    select workspace_id, flow_slug, at, 'run' as measure, '' as node_id, ${msBetween('started_at', 'finished_at')} as ms
    from ended where started_at is not null
    union all select workspace_id, flow_slug, at, 'first_step', '', ${msBetween('created_at', 'started_at')}
    from firsts where started_at is not null
    union all select workspace_id, flow_slug, at, 'step', node_id, ${msBetween('started_at', 'finished_at')}
    from steps where finished_at is not null
  ) times group by 1, 2, 3, 4, 5, 6
), everywhere as (
  select workspace_id, '' as flow_slug, at, measure, node_id, bucket, sum(count)::int as count
  from timed where measure <> 'step' group by workspace_id, at, measure, node_id, bucket
  union all select * from timed
)
insert into stat_time (workspace_id, flow_slug, seconds, measure, node_id, at, buckets, counts)
select workspace_id, flow_slug, 60, measure, node_id, at, array_agg(bucket order by bucket), array_agg(count order by bucket)
from everywhere group by workspace_id, flow_slug, measure, node_id, at`;

/** Counts the minutes of a span anew. */
export async function countMinutes(client: pg.ClientBase, { from, to }: Span): Promise<void> {
  await forget(client, { seconds: 60, from, to });
  await client.query(COUNT_RUNS, [from, to]);
}

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Adds up the quarters, hours and days that a span changes and that are over before `settled`: what is kept with an hour, its day so
 * far, from the hour before and four quarters, so that each later hour of the day follows; a day from its last hour.
 */
export async function addUp(client: pg.ClientBase, { from, to }: Span, settled: Date): Promise<void> {
  const span = { from: from.getTime(), to: to.getTime() };
  const settledMs = settled.getTime();
  for (const at of startsIn(span, QUARTER_MS, settledMs))
    await addUpOne(client, { seconds: 900, from: at, to: at + QUARTER_MS }, [
      { seconds: 60, from: at, to: at + QUARTER_MS },
    ]);
  const days = { from: span.from, to: Math.ceil(span.to / DAY_MS) * DAY_MS };
  for (const at of startsIn(days, HOUR_MS, settledMs))
    await addUpOne(client, { seconds: 3_600, from: at, to: at + HOUR_MS }, [
      { seconds: 900, from: at, to: at + HOUR_MS },
      ...(at % DAY_MS === 0 ? [] : [{ seconds: 3_600, from: at - HOUR_MS, to: at } as const]),
    ]);
  for (const at of startsIn(span, DAY_MS, settledMs))
    await addUpOne(client, { seconds: 86_400, from: at, to: at + DAY_MS }, [
      { seconds: 3_600, from: at + DAY_MS - HOUR_MS, to: at + DAY_MS },
    ]);
}

/** Starts of the stretches of a length that touch a span and are over before `settled`. */
function startsIn({ from, to }: { from: number; to: number }, length: number, settled: number): number[] {
  const first = Math.floor(from / length);
  const end = Math.min(Math.ceil(to / length), Math.floor(settled / length));
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => (first + index) * length);
}

/** Stretches of one length, in milliseconds since 1970. */
interface Stretches {
  readonly seconds: Stretch;
  readonly from: number;
  readonly to: number;
}

/** Puts one stretch together of shorter ones. */
async function addUpOne(client: pg.ClientBase, one: Stretches, parts: readonly Stretches[]): Promise<void> {
  const at = new Date(one.from);
  await forget(client, { seconds: one.seconds, from: at, to: new Date(one.to) });
  const values = [
    ...[one.seconds, at],
    parts.map(({ seconds }) => seconds),
    parts.map(({ from }) => new Date(from)),
    parts.map(({ to }) => new Date(to)),
  ];
  const those = (table: string) =>
    `unnest($3::int[], $4::timestamptz[], $5::timestamptz[]) as p (seconds, start, stop)
     join ${table} s on s.seconds = p.seconds and s.at >= p.start and s.at < p.stop`;
  await client.query(
    `insert into stat (workspace_id, flow_slug, seconds, at, accepted, succeeded, failed, cancelled, retries)
     select workspace_id, flow_slug, $1::int, $2::timestamptz, sum(accepted), sum(succeeded), sum(failed), sum(cancelled), sum(retries)
     from ${those('stat')} group by 1, 2`,
    values,
  );
  await client.query(
    `insert into stat_time (workspace_id, flow_slug, seconds, measure, node_id, at, buckets, counts)
     select workspace_id, flow_slug, $1::int, measure, node_id, $2::timestamptz,
       array_agg(bucket order by bucket), array_agg(count order by bucket)
     from (
       select workspace_id, flow_slug, measure, node_id, bucket, sum(count)::int as count
       from ${those('stat_time')} cross join unnest(buckets, counts) as held (bucket, count)
       group by 1, 2, 3, 4, 5
     ) added group by 1, 2, 4, 5`,
    values,
  );
}

async function forget(
  client: pg.ClientBase,
  { seconds, from, to }: { seconds: Stretch } & Span,
): Promise<void> {
  for (const table of ['stat', 'stat_time'])
    await client.query(`delete from ${table} where seconds = $1 and at >= $2 and at < $3`, [
      seconds,
      from,
      to,
    ]);
}
