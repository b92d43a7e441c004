import type pg from 'pg';

import type { Json, JsonObject } from '#core/json.ts';
import type { StepError } from '#core/step-failure.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';
import { USABLE_CONNECTION } from '#server/sql/usable-connections.ts';

/** A subscription in hand. */
export interface SubscriptionRow {
  readonly id: string;
  readonly workspaceId: string;
  /** Null once the flow was deleted. */
  readonly flowId: string | null;
  readonly trigger: string;
  readonly connection: string;
  readonly settings: JsonObject;
  readonly callbackUrl: string;
  readonly isWanted: boolean;
  readonly remoteId: string | null;
  readonly wrappedKey: Uint8Array;
  readonly keyVersion: number;
  readonly secret: Uint8Array;
  readonly askedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly renewAt: Date | null;
  readonly checkedAt: Date | null;
  readonly isRenewalDue: boolean;
  /** It was not held against what the provider has for most of an hour. */
  readonly isCheckDue: boolean;
  readonly isOver: boolean;
  readonly tries: number;
  /** By which writes name it: whoever holds the row under another one by now has the say. */
  readonly leasedBy: string;
  /** Who published the flow; null for nobody who is still there, or an unpublished one. */
  readonly userId: string | null;
}

export type SubscriptionLease = Pick<SubscriptionRow, 'id' | 'leasedBy'>;

/** Why a subscription waits for its connection. */
export const WAITING_CODES = ['connection_pending', 'connection_reconnect', 'connection_unrenewed'] as const;
export const IS_WAITING_FOR_CONNECTION = `(s.fault ->> 'code') IN (${WAITING_CODES.map((code) => `'${code}'`).join(', ')})`;

/**
 * The old one is kept until the new one is registered, so that nothing is missed in between. One for events of an app is nobody's
 * successor: nothing is registered for it.
 */
const HAS_HEIR = `EXISTS (SELECT FROM subscription heir WHERE heir.flow_id = s.flow_id AND heir.is_wanted
  AND heir.remote_id IS NULL AND heir.callback_url <> '')`;

/** Those that wait for a connection which can be used now are due. */
export async function releaseSubscriptions(pool: pg.Pool): Promise<void> {
  await pool.query({
    name: 'subscription_release',
    text: `UPDATE subscription s SET due_at = now() FROM connection c
      WHERE ${IS_WAITING_FOR_CONNECTION} AND s.due_at > now() AND c.workspace_id = s.workspace_id AND c.slug = s.connection AND ${USABLE_CONNECTION}`,
  });
}

/** One look at an index; says whether there is anything to take. */
export async function isAnySubscriptionDue(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ due: boolean }>({
    name: 'subscription_due',
    text: 'SELECT EXISTS (SELECT FROM subscription WHERE due_at <= now()) AS due',
  });
  return rows[0]?.due === true;
}

/** Takes subscriptions that are due, the longest due first; passes over those that others have. */
export async function takeDueSubscriptions(
  pool: pg.Pool,
  lease: { readonly leasedBy: string; readonly seconds: number; readonly limit: number },
): Promise<SubscriptionRow[]> {
  const { rows } = await pool.query<SubscriptionRow>({
    name: 'subscription_take',
    text: `WITH due AS (
        SELECT s.id FROM subscription s
        WHERE s.due_at <= now() AND (s.leased_until IS NULL OR s.leased_until < now()) AND (s.is_wanted OR NOT ${HAS_HEIR})
        ORDER BY s.due_at, s.id LIMIT $3 FOR UPDATE SKIP LOCKED
      )
      UPDATE subscription s SET leased_by = $1, leased_until = now() + $2 * interval '1 second' FROM due WHERE s.id = due.id
      RETURNING s.id, s.workspace_id AS "workspaceId", s.flow_id AS "flowId", s.trigger, s.connection, s.settings,
        s.callback_url AS "callbackUrl", s.is_wanted AS "isWanted", s.remote_id AS "remoteId", s.wrapped_key AS "wrappedKey",
        s.key_version AS "keyVersion", s.secret, s.asked_at AS "askedAt", s.expires_at AS "expiresAt", s.renew_at AS "renewAt",
        s.checked_at AS "checkedAt", coalesce(s.renew_at <= now(), false) AS "isRenewalDue",
        coalesce(s.checked_at <= now() - interval '50 minutes', true) AS "isCheckDue", coalesce(s.expires_at <= now(), false) AS "isOver", s.tries,
        s.leased_by AS "leasedBy", (SELECT v.created_by_id FROM flow f
          JOIN flow_version v ON v.flow_id = f.id AND v.number = f.published_version WHERE f.id = s.flow_id) AS "userId"`,
    values: [lease.leasedBy, lease.seconds, lease.limit],
  });
  return rows;
}

/** Notes that the provider is being asked. False where it must not be: nobody wants it any more, or it is somebody else's. */
export async function noteAsked(pool: pg.Pool, lease: SubscriptionLease): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'subscription_asked',
    text: 'UPDATE subscription SET asked_at = now() WHERE id = $1 AND leased_by = $2 AND is_wanted',
    values: [lease.id, lease.leasedBy],
  });
  return rowCount === 1;
}

/** What a provider said. Times in milliseconds since 1970; null for never. */
export interface ProviderWord {
  readonly expiresAt: number | null;
  readonly renewAt: number | null;
  readonly dueAt: number | null;
}

const END_LEASE = 'leased_by = NULL, leased_until = NULL';
/** What nobody wants any more is to be taken back at once. */
const NEXT = (parameter: string) => `CASE WHEN is_wanted THEN ${parameter}::timestamptz ELSE now() END`;

/** It is registered: ends the lease. */
export async function saveRegistered(
  pool: pg.Pool,
  lease: SubscriptionLease,
  registered: ProviderWord & {
    readonly remoteId: string;
    readonly sealed: {
      readonly wrappedKey: Uint8Array;
      readonly keyVersion: number;
      readonly secret: Uint8Array;
    } | null;
  },
): Promise<void> {
  const { remoteId, sealed, expiresAt, renewAt, dueAt } = registered;
  await pool.query({
    name: 'subscription_registered',
    text: `UPDATE subscription SET remote_id = $3, wrapped_key = coalesce($4, wrapped_key), key_version = coalesce($5, key_version),
        secret = coalesce($6, secret), expires_at = $7, renew_at = $8, due_at = ${NEXT('$9')}, registered_at = now(),
        checked_at = now(), tries = 0, fault = NULL, ${END_LEASE}
      WHERE id = $1 AND leased_by = $2`,
    values: [
      ...[lease.id, lease.leasedBy, remoteId, sealed?.wrappedKey ?? null, sealed?.keyVersion ?? null],
      ...[sealed?.secret ?? null, time(expiresAt), time(renewAt), time(dueAt)],
    ],
  });
}

/** The provider has it, and until when: ends the lease. */
export async function saveKept(
  pool: pg.Pool,
  lease: SubscriptionLease,
  word: ProviderWord & { readonly isChecked: boolean },
): Promise<void> {
  await pool.query({
    name: 'subscription_kept',
    text: `UPDATE subscription SET expires_at = $3, renew_at = $4, due_at = ${NEXT('$5')}, tries = 0, fault = NULL,
        checked_at = CASE WHEN $6 THEN now() ELSE checked_at END, ${END_LEASE}
      WHERE id = $1 AND leased_by = $2`,
    values: [
      lease.id,
      lease.leasedBy,
      time(word.expiresAt),
      time(word.renewAt),
      time(word.dueAt),
      word.isChecked,
    ],
  });
}

/** The provider does not have it any more: it is registered anew, or forgotten where nobody wants it. Ends the lease. */
export async function saveGone(pool: pg.Pool, lease: SubscriptionLease): Promise<void> {
  if (await forgetSubscription(pool, lease)) return;
  await pool.query({
    name: 'subscription_gone',
    text: `UPDATE subscription SET remote_id = NULL, expires_at = NULL, renew_at = NULL, due_at = now(), ${END_LEASE}
      WHERE id = $1 AND leased_by = $2`,
    values: [lease.id, lease.leasedBy],
  });
}

/** Forgets one in hand that nobody wants. False where somebody wants it by now, or has it in hand. */
export async function forgetSubscription(
  client: pg.Pool | pg.ClientBase,
  lease: SubscriptionLease,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'subscription_forget',
    text: 'DELETE FROM subscription WHERE id = $1 AND leased_by = $2 AND NOT is_wanted',
    values: [lease.id, lease.leasedBy],
  });
  return rowCount === 1;
}

/** The provider could not be asked, or refused: ends the lease. Waiting for a connection is no try. */
export async function saveFault(
  pool: pg.Pool,
  lease: SubscriptionLease,
  { error, pauseMs, isTry }: { readonly error: StepError; readonly pauseMs: number; readonly isTry: boolean },
): Promise<void> {
  await pool.query({
    name: 'subscription_fault',
    text: `UPDATE subscription SET fault = $3, tries = tries + $5, due_at = now() + $4 * interval '1 millisecond', ${END_LEASE}
      WHERE id = $1 AND leased_by = $2`,
    values: [lease.id, lease.leasedBy, toStoredJson(error as unknown as Json), pauseMs, isTry ? 1 : 0],
  });
}

/** Gives it back as it was; it stays due. */
export async function returnSubscription(pool: pg.Pool, lease: SubscriptionLease): Promise<void> {
  await pool.query({
    name: 'subscription_return',
    text: `UPDATE subscription SET ${END_LEASE} WHERE id = $1 AND leased_by = $2`,
    values: [lease.id, lease.leasedBy],
  });
}

/** Has what was not held against the provider lately held against it soon, spread over some seconds. */
export async function hurryChecks(pool: pg.Pool): Promise<void> {
  await pool.query({
    name: 'subscription_hurry',
    text: `UPDATE subscription SET due_at = least(due_at, now() + random() * interval '5 seconds')
      WHERE is_wanted AND remote_id IS NOT NULL AND (checked_at IS NULL OR checked_at < now() - interval '1 minute')`,
  });
}

/** Those of the ids that are subscriptions of ours. */
export async function knownSubscriptions(
  pool: pg.Pool,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await pool.query<{ id: string }>({
    name: 'subscription_known',
    text: 'SELECT id FROM subscription WHERE id = ANY ($1::uuid[])',
    values: [ids],
  });
  return new Set(rows.map(({ id }) => id));
}

function time(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
