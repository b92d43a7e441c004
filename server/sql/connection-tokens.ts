import type pg from 'pg';

/** Why a connection cannot be renewed, or has to be connected again. */
export interface ConnectionFault {
  readonly code: string;
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What is known of the tokens of a connection, by the database's clock. */
export interface TokenState {
  readonly id: string;
  readonly workspaceId: string;
  readonly slug: string;
  readonly connector: string;
  readonly status: 'pending' | 'ok' | 'reconnect';
  readonly fault: ConnectionFault | null;
  readonly version: number;
  readonly hasAccessToken: boolean;
  readonly hasRefreshToken: boolean;
  /** How long the access token may be used, in milliseconds; null for until it is refused. */
  readonly goodForMs: number | null;
  /** The access token has ended, as far as is known. */
  readonly isOver: boolean;
  /** It is to be renewed now, ahead of its end. */
  readonly isDue: boolean;
  /** Renewals that failed in a row. */
  readonly fails: number;
  /** The last renewal failed, and it is not time for another. */
  readonly isPaused: boolean;
  readonly dueAt: Date | null;
  /** Somebody asks the provider just now. */
  readonly isLeased: boolean;
  /** Somebody asked the provider and never said what came of it. */
  readonly isLeaseLeft: boolean;
}

/** Who asks the provider, and for which token's successor. */
export interface RenewalLease {
  readonly id: string;
  readonly version: number;
  readonly leaseId: string;
}

/** A provider answers within 15 s or not at all: a holder that is alive is done long before. */
export const LEASE_SECONDS = 30;
/** So long before its end a token is not used any more; of short ones, a fifth of their life. */
const MARGIN = `least(interval '10 seconds', (c.expires_at - c.refreshed_at) / 5)`;
/** After the last renewal failed, somebody changed the connection or its OAuth app. */
const IS_MENDED = `(c.updated_at > (c.fault ->> 'at')::timestamptz or exists (select from oauth_app a
  where a.workspace_id = c.workspace_id and a.connector = c.connector and a.updated_at > (c.fault ->> 'at')::timestamptz))`;
const IS_PAUSED = `(c.refresh_fails > 0 and c.refresh_due_at > now() and ${IS_MENDED} is not true)`;
const HAS_FIELD = (name: string) =>
  `exists (select from connection_field f where f.connection_id = c.id and f.name = '${name}')`;

const STATE = `
select c.id, c.workspace_id as "workspaceId", c.slug, c.connector, c.status::text as status, c.fault, c.token_version as version,
  ${HAS_FIELD('accessToken')} as "hasAccessToken", ${HAS_FIELD('refreshToken')} as "hasRefreshToken",
  (extract(epoch from c.expires_at - ${MARGIN} - now()) * 1000)::float8 as "goodForMs",
  coalesce(c.expires_at <= now(), false) as "isOver", coalesce(c.refresh_due_at <= now(), false) as "isDue",
  c.refresh_fails as fails, ${IS_PAUSED} as "isPaused", c.refresh_due_at as "dueAt",
  coalesce(c.refresh_until > now(), false) as "isLeased",
  c.refresh_by is not null and coalesce(c.refresh_until <= now(), true) as "isLeaseLeft"
from connection c where c.id = $1`;

/** Undefined when there is no such connection any more. */
export async function readTokenState(pool: pg.Pool, id: string): Promise<TokenState | undefined> {
  const { rows } = await pool.query<TokenState>({ name: 'token_state', text: STATE, values: [id] });
  return rows[0];
}

/**
 * Makes the caller the one that renews the connection, for the length of a lease. False where somebody else does, where it has other
 * tokens by now, or where there is nothing to renew.
 *
 * @param isPendingTaken true for a connection that needs nobody's consent.
 */
export async function takeRenewal(
  pool: pg.Pool,
  { id, version, leaseId }: RenewalLease,
  isPendingTaken: boolean,
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'take_renewal',
    text: `update connection set refresh_by = $3, refresh_until = now() + interval '${LEASE_SECONDS} seconds'
      where id = $1 and token_version = $2 and (status = 'ok' or status = 'pending' and $4)
        and (refresh_until is null or refresh_until <= now())`,
    values: [id, version, leaseId, isPendingTaken],
  });
  return rowCount === 1;
}

/** Ends a lease without new tokens: asked again after the pause. False when it was not the caller's any more. */
export async function postponeRenewal(
  client: pg.ClientBase,
  { id, version, leaseId }: RenewalLease,
  failed: { readonly code: string; readonly message: string; readonly pauseMs: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update connection set refresh_by = null, refresh_until = null, refresh_fails = refresh_fails + 1,
       refresh_due_at = now() + $4::float8 * interval '1 millisecond', fault = ${fault('$5', '$6')},
       expires_at = case when token_version = 0 then now() else expires_at end
     where id = $1 and token_version = $2 and refresh_by = $3`,
    [id, version, leaseId, failed.pauseMs, failed.code, failed.message],
  );
  return rowCount === 1;
}

/** Notes that the token of this version is refused, so that nobody uses it any more. */
export async function noteRefusal(pool: pg.Pool, id: string, version: number): Promise<void> {
  await pool.query(
    `update connection set expires_at = now(),
       refresh_due_at = case when refresh_fails > 0 then refresh_due_at else now() end
     where id = $1 and token_version = $2 and status = 'ok' and coalesce(expires_at > now(), true)`,
    [id, version],
  );
}

/** There is nothing to renew it with: looked at again when it ends. */
export async function waitForEnd(pool: pg.Pool, id: string, version: number): Promise<void> {
  await pool.query(
    'update connection set refresh_due_at = expires_at where id = $1 and token_version = $2 and expires_at > now()',
    [id, version],
  );
}

/** What a notice of an ended connection is made of. */
export interface EndedConnection {
  readonly id: string;
  readonly workspaceId: string;
  readonly slug: string;
  readonly name: string;
  readonly connector: string;
}

/**
 * Marks a connection as one to be connected again, and counts its tokens up, so that whoever still holds an answer for it saves nothing.
 * Undefined where it has other tokens, or was marked, already.
 *
 * @param leaseId null where nobody had to ask the provider.
 */
export async function markReconnect(
  client: pg.ClientBase,
  { id, version, leaseId }: Omit<RenewalLease, 'leaseId'> & { readonly leaseId: string | null },
  { code, message }: { readonly code: string; readonly message: string },
): Promise<EndedConnection | undefined> {
  const { rows } = await client.query<EndedConnection>(
    `update connection set status = 'reconnect', fault = ${fault('$4', '$5')}, token_version = token_version + 1,
       refresh_by = null, refresh_until = null, refresh_due_at = null
     where id = $1 and token_version = $2 and status = 'ok' and ($3::uuid is null or refresh_by = $3)
     returning id, workspace_id as "workspaceId", slug, name, connector`,
    [id, version, leaseId, code, message],
  );
  return rows[0];
}

/**
 * Connections that are to be renewed now, the longest due first: ahead of their end, after a pause, or because whoever renewed them
 * died over it; and those that have ended.
 *
 * @param connectors ids of those whose connections have tokens; `unattended`: those of them that need nobody's consent.
 */
export async function selectDueRenewals(
  pool: pg.Pool,
  {
    connectors,
    unattended,
    limit,
  }: {
    readonly connectors: readonly string[];
    readonly unattended: readonly string[];
    readonly limit: number;
  },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'due_renewals',
    text: `select c.id from connection c
      where c.connector = any($1) and (c.status = 'ok' or c.status = 'pending' and c.connector = any($2))
        and (c.refresh_until is null or c.refresh_until <= now()) and not coalesce(${IS_PAUSED}, false)
        and (c.refresh_by is not null or c.refresh_fails > 0 or c.status = 'pending' or c.refresh_due_at <= now()
          or c.expires_at <= now())
      order by coalesce(c.refresh_due_at, c.expires_at) nulls first limit $3`,
    values: [connectors, unattended, limit],
  });
  return rows.map(({ id }) => id);
}

function fault(code: string, message: string): string {
  return `jsonb_build_object('code', ${code}::text, 'message', ${message}::text,
    'at', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
}
