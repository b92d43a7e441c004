import type pg from 'pg';

import { OPEN } from '#server/sql/dead-letter-conditions.ts';

/** What is looked at: a workspace, or one flow of it. */
export interface ReadingScope {
  readonly workspaceId: string;
  /** Slug; null for every flow. */
  readonly flow: string | null;
  readonly windowSeconds: number;
}

/** A measure of one flow, or of the workspace (`subject` empty). */
export interface ReadingRow {
  readonly subject: string;
  readonly name: string;
  readonly value: number;
  readonly samples: number;
  readonly message: string | null;
  readonly runId: string | null;
  readonly nodeId: string | null;
}

type Read = (client: pg.ClientBase, scope: ReadingScope) => Promise<ReadingRow[]>;

/** The latest failed run of a flow that nobody has dealt with, for `found`, where it has any. */
const LATEST_FAILURE = `left join lateral (
    select d.run_id, d.node_id, r.error ->> 'message' as message
    from dead_letter d join run r on r.id = d.run_id
    where found.value > 0 and d.workspace_id = $1 and d.flow_slug = found.subject and ${OPEN}
      and d.created_at > now() - $3 * interval '1 second'
    order by d.created_at desc limit 1) latest on true`;

/** Of the minutes of the window, the one that it begins in included: ended runs by flow, as the statistics count them. */
const ENDED = `select flow_slug as subject, sum(succeeded + failed)::int as samples, sum(failed)::int as failed
  from stat
  where workspace_id = $1 and flow_slug <> '' and ($2::text is null or flow_slug = $2) and seconds = 60
    and at >= date_trunc('minute', now() - $3 * interval '1 second')
  group by flow_slug having sum(succeeded + failed) > 0`;
const NAME = 'left join flow on flow.workspace_id = $1 and flow.slug = found.subject';

/** Percent of the runs that ended in the window that failed; with the latest failure. */
export const readErrorRates: Read = (client, scope) =>
  rowsOf(
    client,
    `with found as (select *, 100.0 * failed / samples as value from (${ENDED}) ended)
     select found.subject, coalesce(flow.name, found.subject) as name, found.value::float8 as value, found.samples,
       latest.message, latest.run_id as "runId", latest.node_id as "nodeId"
     from found ${NAME} ${LATEST_FAILURE}`,
    scope,
  );

/** How many runs of each flow ended in the window; `value` is the same. */
export const readEndedRuns: Read = (client, scope) =>
  rowsOf(
    client,
    `select found.subject, coalesce(flow.name, found.subject) as name, found.samples, found.samples::float8 as value,
       null as message, null as "runId", null as "nodeId"
     from (${ENDED}) found ${NAME}`,
    scope,
  );

/** The slowest of the runs that ended last, and its slowest step. */
export async function findSlowest(
  client: pg.ClientBase,
  { workspaceId, flow, windowSeconds }: ReadingScope,
): Promise<Pick<ReadingRow, 'runId' | 'nodeId'>> {
  const { rows } = await client.query<Pick<ReadingRow, 'runId' | 'nodeId'>>(
    `select run.id as "runId", step.node_id as "nodeId"
     from (
       select id, finished_at - started_at as took from run
       where workspace_id = $1 and flow_slug = $2 and finished_at > now() - $3 * interval '1 second'
         and status in ('succeeded', 'failed') and started_at is not null
       order by finished_at desc limit 1000) run
     left join lateral (
       select node_id from step where run_id = run.id and finished_at is not null
       order by finished_at - started_at desc limit 1) step on true
     order by run.took desc limit 1`,
    [workspaceId, flow, windowSeconds],
  );
  return rows[0] ?? { runId: null, nodeId: null };
}

/** Failed runs of the window that nobody has dealt with; with the latest. */
export const readDeadLetters: Read = (client, scope) =>
  rowsOf(
    client,
    `with found as (
       select flow_slug as subject, count(*)::int as value
       from dead_letter d
       where workspace_id = $1 and ($2::text is null or flow_slug = $2) and ${OPEN}
         and created_at > now() - $3 * interval '1 second'
       group by flow_slug)
     select found.subject, coalesce(flow.name, found.subject) as name, found.value::float8 as value, found.value as samples,
       latest.message, latest.run_id as "runId", latest.node_id as "nodeId"
     from found ${NAME} ${LATEST_FAILURE}`,
    scope,
  );

/** Runs that are due and that nobody has claimed. Two indexes: one of the runs that stand in a line, one of the others. */
const DUE = ['is null', 'is not null']
  .map(
    (line) => `select flow_slug, flow_name, wake_at, id from run
      where workspace_id = $1 and wake_at <= now() and concurrency_limit ${line}`,
  )
  .join(' union all ');

/** Seconds that the oldest due run of a flow has waited to be claimed. */
export const readQueueAges: Read = (client, { workspaceId, flow }) =>
  rowsOf(
    client,
    `select flow_slug as subject, max(flow_name) as name, count(*)::int as samples,
       extract(epoch from clock_timestamp() - min(wake_at))::float8 as value, null as message, null as "runId", null as "nodeId"
     from (${DUE}) due where $2::text is null or flow_slug = $2 group by flow_slug`,
    { workspaceId, flow },
  );

/** Seconds that the planned tick of a schedule is over without having been fired. */
export const readLateSchedules: Read = (client, { workspaceId, flow }) =>
  rowsOf(
    client,
    `select flow.slug as subject, flow.name, 0 as samples,
       extract(epoch from clock_timestamp() - schedule.next_at)::float8 as value,
       null as message, null as "runId", null as "nodeId"
     from schedule join flow on flow.id = schedule.flow_id
     where schedule.workspace_id = $1 and schedule.next_at <= now() and ($2::text is null or flow.slug = $2)`,
    { workspaceId, flow },
  );

/** 1 while two looks in a row or more found that the ledger does not add up. */
export const readLedgerState: Read = (client, { workspaceId }) =>
  rowsOf(
    client,
    `select '' as subject, '' as name, 0 as samples, 1::float8 as value,
       format('Difference %s, rows that must not be: %s.', drift, faults) as message, null as "runId", null as "nodeId"
     from ledger_check where workspace_id = $1 and since is not null and told_at is not null`,
    { workspaceId },
  );

/** A worker beats each second. */
const ALIVE = `heartbeat_at > clock_timestamp() - interval '5 seconds' and not is_ward`;

/**
 * Seconds since the last worker was heard of, or, where none is known, since the oldest work became due. Nothing while one is alive, or
 * while no work waits.
 */
export const readAbsence: Read = (client, { workspaceId }) =>
  rowsOf(
    client,
    `with waiting as (
       select min(since) as since, count(*)::int as runs from (
         select wake_at as since from (${DUE}) due
         union all select coalesce(started_at, created_at) from run where workspace_id = $1 and lease_worker_id is not null
         union all select next_at from schedule where workspace_id = $1 and next_at <= now()
         union all select next_at from poll where workspace_id = $1 and next_at <= now()
         union all select next_at from bulk_action where workspace_id = $1 and next_at <= now()) work)
     select '' as subject, '' as name, waiting.runs as samples, null as message, null as "runId", null as "nodeId",
       extract(epoch from clock_timestamp() - coalesce(
         (select max(heartbeat_at) from worker where not is_ward), waiting.since))::float8 as value
     from waiting where waiting.since is not null and not exists (select from worker where ${ALIVE})`,
    { workspaceId },
  );

async function rowsOf(
  client: pg.ClientBase,
  text: string,
  { workspaceId, flow, windowSeconds }: Pick<ReadingScope, 'workspaceId'> & Partial<ReadingScope>,
): Promise<ReadingRow[]> {
  const values = [
    workspaceId,
    ...(flow === undefined ? [] : [flow]),
    ...(windowSeconds === undefined ? [] : [windowSeconds]),
  ];
  const { rows } = await client.query<ReadingRow>(text, values);
  return rows;
}
