import type pg from 'pg';

import type { Json, JsonObject } from '#core/json.ts';
import type { RunError } from '#core/plan.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import {
  candidates,
  heldSlots,
  ranks,
  type Share,
  MAY_HAVE_SPARE,
  shareValues,
  withinBytes,
} from '#server/sql/fair-share.ts';
import { GROUP, HAS_TURN, IN_LINE, lockLines } from '#server/sql/lines.ts';

export interface Claim extends Share {
  readonly workerId: string;
}

/**
 * What a claim sets, and gives back: of the run `r` and its event `e`. The time is the statement's: a transaction may have
 * waited for its turn, while which other runs of the line were still under way.
 */
export const TAKE = `
  wake_at = null, lease_worker_id = $1, epoch = r.epoch + 1, status = 'running', started_at = coalesce(r.started_at, statement_timestamp()),
  is_back_in_line = false`;
export const TAKEN = `
  r.id, r.workspace_id, coalesce(r.flow_id, '00000000-0000-0000-0000-000000000000'::uuid) as flow_group, r.flow_slug, r.flow_version_id, r.version_number, r.epoch, r.deaths,
  r.cancel_requested_at is not null as cancel_requested, r.started_at, r.reply, r.output, r.replay_of,
  r.signals, r.error, r.is_awaited or r.concurrency_limit is not null as is_awaited,
  r.concurrency_key, r.concurrency_limit, r.admitted_at is not null as is_admitted, r.resumed_at, r.overrides, r.pins,
  e.id as event_id, e.method, e.query, e.headers, e.body, e.content_type, e.received_at`;

/** A claimed run as the database gives it. */
export interface ClaimRow {
  id: string;
  workspace_id: string;
  flow_group: string;
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
  pins: JsonObject | null;
  event_id: string | null;
  method: string;
  query: Json;
  headers: Json;
  body: Buffer;
  content_type: string;
  received_at: Date;
}

/**
 * So many due runs, and as many at the heads of flows, are looked at in one go. A few are enough where most may begin; where most
 * must wait, many are looked at, and parked by it, so that they cost no later claim anything.
 */
const FEW = '(4 * ($2::int + $3::int) + 16)';
const MANY = '2000';

/**
 * For every line that a due run stands in: the runs that began keep their turn, and of the others the first may begin, as many
 * as the limit has left, each by its own limit and none before an earlier one. Due runs that may not are parked: no wake-up,
 * until the end of another run of the line sets one. Runs that may, and for which this worker has no room, stay due.
 *
 * A run whose cancellation was asked for leaves the line: it is claimed to end. One that waits for its slot (`flow_rate`) keeps its
 * place. An id that is committed late, smaller than that of a run which began meanwhile, only comes next: what counts as begun
 * is read under the lock, so the limit holds whatever is under way.
 */
const claimKeyed = (lookAt: string) => `
with recursive ${candidates('keyed', { room: `${lookAt} - 1`, lookAt })},
due as materialized (
  select id, workspace_id as ws, ${GROUP} as f, concurrency_key as k,
    (${HAS_TURN}) or cancel_requested_at is not null as has_turn
  from run where id = any(array(select id from candidate)) and (wake_at <= now()) is true for no key update skip locked
), line as materialized (
  select lines.f, lines.k, turns.begun, w.id, w.ws, w.wake_at, w.concurrency_limit, w.place
  from (select distinct f, k from due) lines
  cross join lateral (
    select count(*) as begun from run
    where ${GROUP} = lines.f and concurrency_key = lines.k
      and concurrency_limit is not null and ${HAS_TURN} and finished_at is null) turns
  cross join lateral (
    select id, ws, wake_at, concurrency_limit, row_number() over (order by id) as place from (
      select id, workspace_id as ws, wake_at, concurrency_limit from run
      where ${GROUP} = lines.f and concurrency_key = lines.k and cancel_requested_at is null
        and concurrency_limit is not null and ${IN_LINE} and finished_at is null
      order by id limit $2::int + $3::int + 1) first) w
), fitting as (
  select id, ws, f, wake_at, bool_and(begun + place <= concurrency_limit) over (partition by f, k order by place) as fits from line
), may as materialized (
  select id, ws, f, true as has_turn from due where has_turn
  union all
  select id, ws, f, false from fitting where fits and (wake_at is null or wake_at <= now())
), ${ranks('may', 'has_turn desc, id')},
chosen as materialized (
  select id from ranked where rank <= $2::int
  union
  (select id from ranked where ${MAY_HAVE_SPARE} order by rank limit $2::int + $3::int)
), parked as (
  update run set wake_at = null from due
  where run.id = due.id and not exists (select from may where may.id = due.id)
), begun as (
  select r.id, r.event_id from chosen cross join lateral (
    select id, event_id from run
    where id = chosen.id and lease_worker_id is null and finished_at is null for no key update) r
), taking as materialized ${withinBytes('begun')}, kept as (
  update run set wake_at = now() from may
  where run.id = may.id and run.wake_at is null and run.lease_worker_id is null and run.finished_at is null
    and not exists (select from taking where taking.id = may.id)
), taken as (
  update run r set ${TAKE}
  from taking d left join event e on e.id = d.event_id
  where r.id = d.id
  returning ${TAKEN}
)
select crowd.is_full, taken.* from crowd left join taken on true`;

const CLAIM_FEW = { name: 'claim_keyed_runs', text: claimKeyed(FEW) };
const CLAIM_MANY = { name: 'claim_keyed_runs_of_many', text: claimKeyed(MANY) };

interface Keyed {
  readonly rows: readonly ClaimRow[];
  /** More of them were due than were looked at. */
  readonly isCrowded: boolean;
}

/** Claims of the due runs that stand in a line and have their turn, as far as there is room. */
export async function claimKeyedRuns(pool: pg.Pool, claim: Claim): Promise<Keyed> {
  return inClientTransaction(async (client) => {
    await lockLines(client);
    const few = await claimOnce(client, CLAIM_FEW, claim);
    if (!few.isCrowded || few.rows.length >= claim.limit) return few;
    const many = await claimOnce(client, CLAIM_MANY, less(claim, few.rows));
    return { ...many, rows: [...few.rows, ...many.rows] };
  }, pool);
}

async function claimOnce(
  client: pg.ClientBase,
  statement: { readonly name: string; readonly text: string },
  claim: Claim,
): Promise<Keyed> {
  const values = [claim.workerId, ...shareValues(claim)];
  const { rows } = await client.query<ClaimRow & { is_full: boolean }>({ ...statement, values });
  return { rows: rows.filter(({ id }) => id !== null), isCrowded: rows[0]?.is_full === true };
}

/** What is left to be claimed after these. */
export function less(claim: Claim, taken: readonly ClaimRow[]): Claim {
  const limit = Math.max(0, claim.limit - taken.length);
  const spare = Math.min(claim.spare, claim.limit + claim.spare - taken.length - limit);
  const bytes = Math.max(0, claim.bytes - taken.reduce((sum, { body }) => sum + (body?.length ?? 0), 0));
  const owners = taken.map((row) => ({ workspaceId: row.workspace_id, flowGroup: row.flow_group }));
  return { ...claim, limit, spare, bytes, held: heldSlots(owners, claim.held) };
}
