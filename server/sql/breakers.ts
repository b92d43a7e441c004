import type pg from 'pg';

import { BREAKER_LAW, CLOSED_BREAKER, type BreakerState } from '#core/breaker.ts';
import type { StepError } from '#core/step-failure.ts';

/** What a breaker belongs to: a connection of a workspace, or a host that its steps call. */
export interface BreakerPlace {
  readonly workspaceId: string;
  /** `connection:<slug>` or `host:<host:port>`. */
  readonly scope: string;
}

export interface StoredBreaker extends BreakerPlace {
  readonly breaker: BreakerState;
}

interface Row {
  readonly workspace_id: string;
  readonly scope: string;
  readonly state: BreakerState['state'];
  readonly failures: number;
  readonly opened: number;
  readonly opened_at: Date | null;
  readonly paused_until: Date | null;
  readonly reason: BreakerState['reason'];
  readonly last_error: StepError | null;
  readonly updated_at: Date;
}

const COLUMNS = `workspace_id, scope, state, failures, opened, opened_at, paused_until, reason, last_error, updated_at`;

/** True of a breaker that holds something back or counts failures. */
export const IS_BREAKER_TOLD = `(state <> 'closed' or paused_until > now()
  or (failures > 0 and updated_at > now() - interval '${BREAKER_LAW.windowMs} milliseconds'))`;

/** All that hold something back or count failures: what a worker must know of. Few, as a rule none. */
export async function loadBreakers(pool: pg.Pool): Promise<StoredBreaker[]> {
  const { rows } = await pool.query<Row>({
    name: 'load_breakers',
    text: `select ${COLUMNS} from breaker where ${IS_BREAKER_TOLD}`,
  });
  return rows.map(stored);
}

/** The breakers of these places, made where they are missing, held to the end of the transaction. In a fixed order. */
export async function lockBreakers(
  client: pg.ClientBase,
  places: readonly BreakerPlace[],
): Promise<StoredBreaker[]> {
  const values = [places.map(({ workspaceId }) => workspaceId), places.map(({ scope }) => scope)];
  await client.query({
    name: 'make_breakers',
    text: `insert into breaker (id, workspace_id, scope)
      select gen_random_uuid(), p.w, p.s from unnest($1::uuid[], $2::text[]) as p(w, s)
      join workspace on workspace.id = p.w order by p.w, p.s
      on conflict (workspace_id, scope) do nothing`,
    values,
  });
  const { rows } = await client.query<Row>({
    name: 'lock_breakers',
    text: `select ${COLUMNS} from breaker where (workspace_id, scope) in (select * from unnest($1::uuid[], $2::text[]))
      order by workspace_id, scope for update`,
    values,
  });
  return rows.map(stored);
}

/** Writes breakers that the transaction holds. */
export async function writeBreakers(
  client: pg.ClientBase,
  breakers: readonly StoredBreaker[],
): Promise<void> {
  const rows = breakers.map(({ workspaceId, scope, breaker }) => ({
    w: workspaceId,
    s: scope,
    t: breaker.state,
    f: breaker.failures,
    o: breaker.opened,
    a: time(breaker.openedAt),
    p: time(breaker.pausedUntil),
    r: breaker.reason,
    e: breaker.lastError,
    u: time(breaker.countedAt),
  }));
  await client.query({
    name: 'write_breakers',
    text: `update breaker b set state = n.t, failures = n.f, opened = n.o, opened_at = n.a, paused_until = n.p, reason = n.r,
        last_error = n.e, updated_at = n.u
      from json_to_recordset($1::json) as n(w uuid, s text, t text, f int, o int, a timestamptz, p timestamptz, r text,
        e jsonb, u timestamptz)
      where b.workspace_id = n.w and b.scope = n.s`,
    values: [JSON.stringify(rows)],
  });
}

/**
 * Makes the caller the one that tries the far end, for so long; null where another does, or where it is not time. What
 * stands there then is for the caller to read.
 */
export async function takeProbe(
  pool: pg.Pool,
  place: BreakerPlace,
  leaseMs: number,
): Promise<StoredBreaker | null> {
  const { rows } = await pool.query<Row>({
    name: 'take_probe',
    text: `update breaker set state = 'half_open', paused_until = now() + $3::int * interval '1 millisecond'
      where workspace_id = $1 and scope = $2 and state <> 'closed' and coalesce(paused_until <= now(), true)
      returning ${COLUMNS}`,
    values: [place.workspaceId, place.scope, leaseMs],
  });
  return rows[0] ? stored(rows[0]) : null;
}

/** The one that tries is still at it. */
export async function keepProbe(pool: pg.Pool, place: BreakerPlace, leaseMs: number): Promise<void> {
  await pool.query({
    name: 'keep_probe',
    text: `update breaker set paused_until = greatest(paused_until, now() + $3::int * interval '1 millisecond')
      where workspace_id = $1 and scope = $2 and state = 'half_open'`,
    values: [place.workspaceId, place.scope, leaseMs],
  });
}

/** Ends a pause before its time: the next call tries the far end. False where nothing is held back. */
export async function endPause(client: pg.ClientBase, place: BreakerPlace): Promise<boolean> {
  const { rowCount } = await client.query(
    `update breaker set state = 'half_open', paused_until = now(), opened_at = coalesce(opened_at, now())
      where workspace_id = $1 and scope = $2 and paused_until > now() and state <> 'half_open'`,
    [place.workspaceId, place.scope],
  );
  return rowCount === 1;
}

/** What is known of one; that of a closed one where there is none. */
export async function readBreaker(pool: pg.Pool, place: BreakerPlace): Promise<StoredBreaker> {
  const { rows } = await pool.query<Row>({
    name: 'read_breaker',
    text: `select ${COLUMNS} from breaker where workspace_id = $1 and scope = $2`,
    values: [place.workspaceId, place.scope],
  });
  return rows[0] ? stored(rows[0]) : { ...place, breaker: CLOSED_BREAKER };
}

function stored(row: Row): StoredBreaker {
  return {
    workspaceId: row.workspace_id,
    scope: row.scope,
    breaker: {
      state: row.state,
      failures: row.failures,
      opened: row.opened,
      openedAt: row.opened_at?.getTime() ?? null,
      pausedUntil: row.paused_until?.getTime() ?? null,
      reason: row.reason,
      lastError: row.last_error,
      countedAt: row.updated_at.getTime(),
    },
  };
}

function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
