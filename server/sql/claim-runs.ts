import type pg from 'pg';

import type { RunStatus } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';

/** A run that this worker now holds, with the event that started it. */
export interface ClaimedRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly flowSlug: string;
  readonly flowVersionId: string;
  readonly versionNumber: number | null;
  /** Names this claim; every write of the activation is fenced by it. */
  readonly epoch: number;
  /** Claims that ended with the worker's death, without any progress since. */
  readonly deaths: number;
  readonly cancelRequested: boolean;
  readonly startedAt: Date;
  readonly reply: Json;
  readonly output: Json;
  /** True when steps may be on record: an earlier claim, or a replay that took some over. */
  readonly hasHistory: boolean;
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

/** Oldest wake-up first; what another worker is claiming is passed over, not waited for. */
const CLAIM = `
with due as (
  select id, event_id, status from run
  where wake_at <= now() order by wake_at limit $2 for no key update skip locked
)
update run r
set wake_at = null, lease_worker_id = $1, epoch = r.epoch + 1, status = 'running',
    started_at = coalesce(r.started_at, now())
from due d left join event e on e.id = d.event_id
where r.id = d.id
returning r.id, r.workspace_id, r.flow_slug, r.flow_version_id, r.version_number, r.epoch, r.deaths,
  r.cancel_requested_at is not null as cancel_requested, r.started_at, r.reply, r.output, r.replay_of,
  e.id as event_id, e.method, e.query, e.headers, e.body, e.content_type, e.received_at`;

interface ClaimRow {
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
  event_id: string | null;
  method: string;
  query: Json;
  headers: Json;
  body: Buffer;
  content_type: string;
  received_at: Date;
}

/** Claims up to `limit` runs that are due. One round trip, one commit. */
export async function claimRuns(
  pool: pg.Pool,
  claim: { workerId: string; limit: number },
): Promise<ClaimedRun[]> {
  const { rows } = await pool.query<ClaimRow>({
    name: 'claim_runs',
    text: CLAIM,
    values: [claim.workerId, claim.limit],
  });
  return rows.map(toClaimedRun);
}

function toClaimedRun(row: ClaimRow): ClaimedRun {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    flowSlug: row.flow_slug,
    flowVersionId: row.flow_version_id,
    versionNumber: row.version_number,
    epoch: row.epoch,
    deaths: row.deaths,
    cancelRequested: row.cancel_requested,
    startedAt: row.started_at,
    reply: row.reply,
    output: row.output,
    hasHistory: row.epoch > 1 || row.replay_of !== null,
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
  lease_worker_id = $1 as is_ours
from run where id = any($2::uuid[])`;

export interface HeldRun {
  readonly id: string;
  readonly epoch: number;
  readonly status: RunStatus;
  readonly cancelRequested: boolean;
  readonly isOurs: boolean;
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
  }>({ name: 'held_runs', text: HELD, values: [held.workerId, held.runIds] });
  return rows.map((row) => ({
    id: row.id,
    epoch: row.epoch,
    status: row.status,
    cancelRequested: row.cancel_requested,
    isOurs: row.is_ours === true,
  }));
}
