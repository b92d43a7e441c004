import type pg from 'pg';

import type { Json, JsonObject } from '#core/json.ts';
import type { RunError } from '#core/plan.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { GROUP, HAS_TURN, IN_LINE, lockLines } from '#server/sql/lines.ts';

export interface Claim {
  readonly workerId: string;
  readonly limit: number;
}

/**
 * What a claim sets, and gives back: of the run `r` and its event `e`. The time is the statement's: a transaction may have
 * waited for its turn, while which other runs of the line were still under way.
 */
export const TAKE = `
  wake_at = null, lease_worker_id = $1, epoch = r.epoch + 1, status = 'running', started_at = coalesce(r.started_at, statement_timestamp()),
  is_back_in_line = false`;
export const TAKEN = `
  r.id, r.workspace_id, r.flow_slug, r.flow_version_id, r.version_number, r.epoch, r.deaths,
  r.cancel_requested_at is not null as cancel_requested, r.started_at, r.reply, r.output, r.replay_of,
  r.signals, r.error, r.is_awaited or r.concurrency_limit is not null as is_awaited,
  r.concurrency_key, r.concurrency_limit, r.admitted_at is not null as is_admitted, r.resumed_at, r.overrides,
  e.id as event_id, e.method, e.query, e.headers, e.body, e.content_type, e.received_at`;

/** A claimed run as the database gives it. */
export interface ClaimRow {
  id: string;
  workspace_id: string;
  flow_slug: string;
  flow_version_id: string;
  version_number: number | null;
  epoch: number;
  deaths: number;
  cancel_requested: boolean;
  started_at: Date;
  reply: Json;
  output: Json;
  replay_of: string | null;
  signals: number;
  error: RunError | null;
  is_awaited: boolean;
  concurrency_key: string | null;
  concurrency_limit: number | null;
  is_admitted: boolean;
  resumed_at: Date | null;
  overrides: JsonObject | null;
  event_id: string | null;
  method: string;
  query: Json;
  headers: Json;
  body: Buffer;
  content_type: string;
  received_at: Date;
}

/** So many due runs are looked at in one go; those that must wait are parked by it, and cost no later claim anything. */
const LOOK_AT = 2_000;

/**
 * For every line that a due run stands in: the runs that began keep their turn, and of the others the first may begin, as many
 * as the limit has left, each by its own limit and none before an earlier one. Due runs that may not are parked: no wake-up,
 * until the end of another run of the line sets one. Runs that may, and for which this worker has no room, stay due.
 *
 * A run whose cancellation was asked for leaves the line: it is claimed to end. One that waits for its slot (`flow_rate`) keeps its
 * place. An id that is committed late, smaller than that of a run which began meanwhile, only comes next: what counts as begun
 * is read under the lock, so the limit holds whatever is under way.
 */
const CLAIM_KEYED = `
with due as materialized (
  select id, ${GROUP} as f, concurrency_key as k,
    (${HAS_TURN}) or cancel_requested_at is not null as has_turn
  from run where wake_at <= now() and concurrency_limit is not null
  order by wake_at limit ${LOOK_AT} for no key update skip locked
), line as materialized (
  select lines.f, lines.k, turns.begun, w.id, w.wake_at, w.concurrency_limit, w.place
  from (select distinct f, k from due) lines
  cross join lateral (
    select count(*) as begun from run
    where ${GROUP} = lines.f and concurrency_key = lines.k
      and concurrency_limit is not null and ${HAS_TURN} and finished_at is null) turns
  cross join lateral (
    select id, wake_at, concurrency_limit, row_number() over (order by id) as place from (
      select id, wake_at, concurrency_limit from run
      where ${GROUP} = lines.f and concurrency_key = lines.k and cancel_requested_at is null
        and concurrency_limit is not null and ${IN_LINE} and finished_at is null
      order by id limit $2::int + 1) first) w
), fitting as (
  select id, wake_at, bool_and(begun + place <= concurrency_limit) over (partition by f, k order by place) as fits from line
), may as materialized (
  select id, true as has_turn from due where has_turn
  union all
  select id, false from fitting where fits and (wake_at is null or wake_at <= now())
), chosen as materialized (
  select id from may order by has_turn desc, id limit $2::int
), parked as (
  update run set wake_at = null from due
  where run.id = due.id and not exists (select from may where may.id = due.id)
), kept as (
  update run set wake_at = now() from may
  where run.id = may.id and run.wake_at is null and run.lease_worker_id is null and run.finished_at is null
    and not exists (select from chosen where chosen.id = may.id)
)
update run r set ${TAKE}
from chosen join run o on o.id = chosen.id left join event e on e.id = o.event_id
where r.id = chosen.id and r.lease_worker_id is null and r.finished_at is null
returning ${TAKEN}`;

/** Claims up to `limit` of the due runs that stand in a line and have their turn. */
export async function claimKeyedRuns(pool: pg.Pool, claim: Claim): Promise<ClaimRow[]> {
  return inClientTransaction(async (client) => {
    await lockLines(client);
    const { rows } = await client.query<ClaimRow>({
      name: 'claim_keyed_runs',
      text: CLAIM_KEYED,
      values: [claim.workerId, claim.limit],
    });
    return rows;
  }, pool);
}
