import type pg from 'pg';

import type { RunStatus } from '#core/api/runs.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { Pins } from '#core/pins/pin.ts';
import type { RunError } from '#core/plan.ts';
import { log } from '#server/log.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import {
  type Claim,
  claimKeyedRuns,
  type ClaimRow,
  less,
  TAKE,
  TAKEN,
} from '#server/sql/claim-keyed-runs.ts';
import { claimPlainly } from '#server/sql/claim-plainly.ts';
import {
  candidates,
  MAY_HAVE_SPARE,
  ranks,
  shareValues,
  type WalkPosition,
  withinBytes,
} from '#server/sql/fair-share.ts';

/** A run that this worker now holds, with the event that started it. */
export interface ClaimedRun {
  readonly id: string;
  readonly workspaceId: string;
  /** Its flow, as `GROUP` makes it. */
  readonly flowGroup: string;
  readonly flowSlug: string;
  readonly flowVersionId: string;
  readonly versionNumber: number | null;
  /** Names this claim; every write of the activation is fenced by it. */
  readonly epoch: number;
  /** Claims that ended with the worker's death, without any progress since. */
  readonly deaths: number;
  readonly cancelRequested: boolean;
  readonly startedAt: Date;
  /** From when its deadline counts, where that is not its start. */
  readonly resumedAt: Date | null;
  /** Settings that a person gave steps outside loops, by node id. */
  readonly overrides: JsonObject | null;
  /** What steps answer with instead of being carried out, by node id. */
  readonly pins: Pins | null;
  readonly reply: Json;
  readonly output: Json;
  /** True when steps may be on record: an earlier claim, or a replay that took some over. */
  readonly hasHistory: boolean;
  /** What it stands in line by; `keyFault` reads it. */
  readonly concurrencyKey: string | null;
  readonly concurrencyLimit: number | null;
  /** True once the flow's rate limit let it begin. */
  readonly isAdmitted: boolean;
  /** How many signals its waiting steps were sent so far. */
  readonly signals: number;
  /** Why it failed, where nothing is left to do but to undo; null while it goes on. */
  readonly failure: RunError | null;
  /** True when others wait for its end: a step that called it, or runs that stand in line behind it. */
  readonly isAwaited: boolean;
  readonly event: ClaimedEvent | null;
}

export interface ClaimedEvent {
  readonly method: string;
  readonly query: Json;
  readonly headers: Json;
  readonly body: Buffer;
  readonly contentType: string;
  readonly receivedAt: Date;
}

/** What a claim came to. */
export interface Claimed {
  readonly runs: readonly ClaimedRun[];
  /** More runs were due than there was room for. */
  readonly isCrowded: boolean;
  /** There was such a crowd of several flows. */
  readonly isMixed: boolean;
  /** Where the next claim's walk begins. */
  readonly next: WalkPosition;
}

/**
 * Locks, in their turn, runs of `ranked`, one by one until there are enough. What another worker is claiming is passed over, not
 * waited for. (`is true` leaves the planner no index but the key.)
 */
const lockRanked = (where: string, limit: string) => `
  select r.id, r.event_id from (select id from ranked where ${where} order by rank) turn cross join lateral (
    select id, event_id from run
    where id = turn.id and (wake_at <= now()) is true and concurrency_limit is null for no key update skip locked) r
  limit ${limit}`;

/**
 * Shared out between workspaces and flows as `fair-share` says; of one flow, oldest wake-up first. Runs that stand in a line are
 * claimed apart; while some are due, half of the room is left to them. Always gives a row, since that says whether some are.
 */
const CLAIM = `
with recursive room as materialized (
  select is_keyed_due, case when is_keyed_due then floor($2::int / 2.0 + random())::int else $2::int end as slots
  from (select exists (select from run where wake_at <= now() and concurrency_limit is not null) as is_keyed_due) keyed
), ${candidates('free', { room: '(select slots from room)', lookAt: '3 * $2::int + $3::int + 16' })},
${ranks('candidate', 'wake_at, id')},
ordinary as materialized (${lockRanked('true', '(select slots from room)')}
), extra as materialized (${lockRanked(`${MAY_HAVE_SPARE} and ranked.id not in (select id from ordinary)`, '$3::int')}
), claimed as (
  update run r set ${TAKE}
  from ${withinBytes('(select * from ordinary union all select * from extra) locked')} d left join event e on e.id = d.event_id
  where r.id = d.id
  returning ${TAKEN}
)
select room.is_keyed_due, walk.*, claimed.* from room cross join walk left join claimed on true`;

/**
 * Claims runs that are due. One round trip, one commit, unless runs that stand in a line are due, too. `mustWeigh` spares the look
 * whether the oldest may simply be taken: a moment ago they could not.
 */
export async function claimRuns(
  pool: pg.Pool,
  claim: Claim,
  { mustWeigh = true }: { mustWeigh?: boolean } = {},
): Promise<Claimed> {
  const plain = mustWeigh || claim.limit === 0 ? null : await claimPlainly(pool, claim);
  if (plain)
    return {
      isCrowded: plain.isCrowded,
      isMixed: false,
      next: claim.from,
      runs: plain.rows.map(toClaimedRun),
    };
  const free = await claimFree(pool, claim);
  if (!free.isKeyedDue) return toClaimed(free, free.rows);
  const keyed = await claimKeyedRuns(pool, less(claim, free.rows)).catch((error: unknown) => {
    // What is claimed already must be taken on.
    if (free.rows.length === 0) throw error;
    log.warn({ err: error, part: 'worker' }, 'no runs can be claimed that stand in line; trying again');
    return { rows: [], isCrowded: false };
  });
  const rows = [...free.rows, ...keyed.rows];
  const isCrowded = free.isCrowded || keyed.isCrowded;
  if (rows.length >= claim.limit || !free.isCrowded) return toClaimed({ ...free, isCrowded }, rows);
  // Those in line left room: the others may have that, too.
  const more = await claimFree(pool, less(claim, rows)).catch(() => undefined);
  return more ? toClaimed(more, [...rows, ...more.rows]) : toClaimed({ ...free, isCrowded }, rows);
}

interface Free extends Omit<Claimed, 'runs'> {
  readonly rows: readonly ClaimRow[];
  readonly isKeyedDue: boolean;
}

function toClaimed({ isCrowded, isMixed, next }: Free, rows: readonly ClaimRow[]): Claimed {
  return { isCrowded, isMixed, next, runs: rows.map(toClaimedRun) };
}

async function claimFree(pool: pg.Pool, claim: Claim): Promise<Free> {
  const { rows } = await pool.query<FreeRow>({
    name: 'claim_runs',
    text: CLAIM,
    values: [claim.workerId, ...shareValues(claim)],
  });
  const { stop_ws: workspaceId, stop_spaces: spaces, stop_flows: flows, ...first } = rows[0]!;
  return {
    rows: rows.filter((row) => row.id !== null) as unknown as ClaimRow[],
    isCrowded: first.is_crowded,
    isMixed: first.is_mixed,
    isKeyedDue: first.is_keyed_due,
    next: { workspaceId, flows: spaces.map((space, at) => ({ workspaceId: space, flowId: flows[at]! })) },
  };
}

interface FreeRow extends Partial<ClaimRow> {
  is_keyed_due: boolean;
  is_crowded: boolean;
  is_mixed: boolean;
  stop_ws: string | null;
  stop_spaces: string[];
  stop_flows: string[];
}

/** A claimed run, as the worker has it. */
export function toClaimedRun(row: ClaimRow): ClaimedRun {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    flowGroup: row.flow_group,
    flowSlug: row.flow_slug,
    flowVersionId: row.flow_version_id,
    versionNumber: row.version_number,
    epoch: row.epoch,
    deaths: row.deaths,
    cancelRequested: row.cancel_requested,
    startedAt: row.started_at,
    resumedAt: row.resumed_at,
    overrides: fromStoredJson(row.overrides) as JsonObject | null,
    pins: fromStoredJson(row.pins) as unknown as Pins | null,
    reply: row.reply,
    output: row.output,
    hasHistory: row.epoch > 1 || row.replay_of !== null,
    signals: row.signals,
    failure: row.error,
    isAwaited: row.is_awaited,
    concurrencyKey: row.concurrency_key,
    concurrencyLimit: row.concurrency_limit,
    isAdmitted: row.is_admitted,
    event: row.event_id === null ? null : toEvent(row),
  };
}

function toEvent(row: ClaimRow): ClaimedEvent {
  return {
    method: row.method,
    query: row.query,
    headers: row.headers,
    body: row.body,
    contentType: row.content_type,
    receivedAt: row.received_at,
  };
}

const HELD = `
select id, epoch, status::text as status, cancel_requested_at is not null as cancel_requested,
  lease_worker_id = $1 as is_ours, signals
from run where id = any($2::uuid[])`;

export interface HeldRun {
  readonly id: string;
  readonly epoch: number;
  readonly status: RunStatus;
  readonly cancelRequested: boolean;
  readonly isOurs: boolean;
  readonly signals: number;
}

/** What became of runs that this worker believes to hold: taken over, or asked to stop. */
export async function readHeldRuns(
  pool: pg.Pool,
  held: { workerId: string; runIds: readonly string[] },
): Promise<HeldRun[]> {
  const { rows } = await pool.query<{
    id: string;
    epoch: number;
    status: RunStatus;
    cancel_requested: boolean;
    is_ours: boolean | null;
    signals: number;
  }>({ name: 'held_runs', text: HELD, values: [held.workerId, held.runIds] });
  return rows.map((row) => ({
    id: row.id,
    epoch: row.epoch,
    status: row.status,
    cancelRequested: row.cancel_requested,
    isOurs: row.is_ours === true,
    signals: row.signals,
  }));
}
