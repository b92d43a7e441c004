import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { OAuthDef, OpenToken } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { confirmRefusal } from '#server/connections/confirm-refusal.ts';
import { awayBecause } from '#server/connections/connection-away.ts';
import { endConnection } from '#server/connections/end-connection.ts';
import { renewTokens } from '#server/connections/renew-tokens.ts';
import { pool } from '#server/db/pool.ts';
import {
  noteRefusal,
  readTokenState,
  takeRenewal,
  waitForEnd,
  type TokenState,
} from '#server/sql/connection-tokens.ts';

/** What the guard needs of a connection's row. */
export interface GuardedConnection {
  readonly id: string;
  readonly connector: string;
}

/** Who waits for a renewal by somebody else looks again after this, and half as long again each time. */
const FIRST_LOOK_MS = 50;
const LOOK_MS = 500;

interface Work {
  /** By connection: all who want its token in this process wait for one loop. */
  readonly settling: Map<string, Promise<TokenState | undefined>>;
  readonly renewals: Set<Promise<void>>;
}

/** One a process, also where a bundler loads this module twice. */
const holder = globalThis as typeof globalThis & { patchbayRenewals?: Work };

/**
 * Sees to it that the access token of a connection may be used now, and says which one that is: where it ends soon, or has
 * ended, it is renewed first, by one process for all. Null for a connection whose connector has no tokens, and for one that was deleted
 * meanwhile. Throws `ConnectionAway`.
 */
export async function goodToken(connection: GuardedConnection): Promise<OpenToken | null> {
  if (!findConnector(connection.connector)?.oauth) return null;
  const known = await readTokenState(pool(), connection.id);
  const state = known && (isGood(known) ? known : await settled(connection.id));
  return state ? { version: state.version, goodForMs: state.goodForMs } : null;
}

/**
 * A call was refused with the token of this version. Resolves to true when the connection has another one by now, which is worth
 * another try; to false when the token is as good as before, and the refusal was about the call. Throws `ConnectionAway`.
 */
export async function refusedToken(connection: GuardedConnection, version: number): Promise<boolean> {
  const facts = findConnector(connection.connector)?.oauth;
  const state = facts && (await readTokenState(pool(), connection.id));
  if (!state) return false;
  if (state.version === version) {
    if (!isRenewable(facts, state)) return endIfRefused(state);
    await noteRefusal(pool(), state.id, version);
  }
  const now = await settled(state.id);
  return now !== undefined && now.version !== version;
}

/** Renews a connection that is due, if nobody else is at it; marks one that has ended. Waits for nobody. */
export async function renewIfDue(id: string): Promise<void> {
  const state = await readTokenState(pool(), id);
  const facts = state && findConnector(state.connector)?.oauth;
  if (!facts || state.isLeased || state.isPaused || isHopeless(facts, state)) return;
  if (isRenewable(facts, state)) await renewOnce(facts, state);
  else if (state.isOver) await endConnection({ ...state, leaseId: null }, endedFault(state));
  else await waitForEnd(pool(), id, state.version);
}

/** Resolves when this process renews nothing any more: between a provider's answer and the note of it, nothing may be cut off. */
export async function renewalsDone(): Promise<void> {
  await Promise.allSettled(work().renewals);
}

/** Resolves once the connection has a token that may be used; to undefined when it is not there any more. */
function settled(id: string): Promise<TokenState | undefined> {
  const { settling } = work();
  const known = settling.get(id);
  if (known) return known;
  const begun = settle(id).finally(() => settling.delete(id));
  settling.set(id, begun);
  return begun;
}

async function settle(id: string): Promise<TokenState | undefined> {
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LOOK_MS, lookMs * 1.5)) {
    const state = await readTokenState(pool(), id);
    if (!state || isGood(state)) return state;
    const facts = findConnector(state.connector)?.oauth;
    if (!facts || isHopeless(facts, state)) throw awayBecause(state);
    // The token at hand is used as long as it lives.
    const isAlive = state.hasAccessToken && !state.isOver;
    if (state.isPaused || !isRenewable(facts, state)) {
      if (isAlive) return state;
      if (state.isPaused) throw awayBecause(state);
      await endConnection({ ...state, leaseId: null }, endedFault(state));
    } else if (state.isLeased || !(await renewOnce(facts, state))) {
      await sleep(lookMs * (0.5 + Math.random() / 2));
    }
  }
}

/** Asks the provider under a lease. False where somebody else has it. */
async function renewOnce(facts: OAuthDef, state: TokenState): Promise<boolean> {
  const lease = { id: state.id, version: state.version, leaseId: randomUUID() };
  if (!(await takeRenewal(pool(), lease, isUnattended(facts)))) return false;
  const { renewals } = work();
  const renewal = renewTokens(lease, state).finally(() => renewals.delete(renewal));
  renewals.add(renewal);
  await renewal;
  return true;
}

/** Without anything to renew it with, a token that is refused is the end; a refusal that was about the call alone is not. */
async function endIfRefused(state: TokenState): Promise<boolean> {
  if (state.status === 'ok' && !(await confirmRefusal(state.id))) return false;
  const message = `${labelOf(state)} no longer accepts it, and gave nothing to renew it with.`;
  await endConnection({ ...state, leaseId: null }, { code: 'token_refused', message });
  return (await settled(state.id))?.version !== state.version;
}

function endedFault(state: TokenState): { readonly code: string; readonly message: string } {
  const message = `Its access has ended, and ${labelOf(state)} gave nothing to renew it with.`;
  return { code: 'token_ended', message };
}

function isGood({ status, hasAccessToken, goodForMs }: TokenState): boolean {
  return status === 'ok' && hasAccessToken && (goodForMs === null || goodForMs > 0);
}

/** Nothing but a person helps. */
function isHopeless(facts: OAuthDef, { status }: TokenState): boolean {
  return status === 'reconnect' || (status === 'pending' && !isUnattended(facts));
}

function isRenewable(facts: OAuthDef, { hasRefreshToken }: TokenState): boolean {
  return hasRefreshToken || isUnattended(facts);
}

/** Its tokens need nobody's consent. */
function isUnattended({ grant }: OAuthDef): boolean {
  return grant === 'client_credentials';
}

function labelOf({ connector }: TokenState): string {
  return findConnector(connector)?.label ?? connector;
}

function work(): Work {
  return (holder.patchbayRenewals ??= {
    settling: new Map<string, Promise<TokenState | undefined>>(),
    renewals: new Set<Promise<void>>(),
  });
}
