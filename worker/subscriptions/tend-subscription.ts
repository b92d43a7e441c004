import type pg from 'pg';

import { findSubscriptionHandler } from '#connectors/trigger-handlers.ts';
import type {
  RemoteSubscription,
  SubscriptionHandler,
  TriggerContext,
} from '#connectors/trigger-contract.ts';
import type { JsonObject } from '#core/json.ts';
import { StepFailure, toStepError, type StepError } from '#core/step-failure.ts';
import { subscriptionPauseMs } from '#core/subscription-pace.ts';
import { log } from '#server/log.ts';
import {
  noteAsked,
  returnSubscription,
  saveFault,
  saveGone,
  saveKept,
  saveRegistered,
  type SubscriptionRow,
} from '#server/sql/subscription-rows.ts';
import { openSecret, sealSecret } from '#server/subscriptions/seal-secret.ts';
import { HeldBack, holdError } from '#worker/calls/held-back.ts';
import { openAccount, type AccountServices } from '#worker/calls/open-account.ts';
import { Redaction } from '#worker/redact.ts';
import { abandon } from '#worker/subscriptions/abandon.ts';
import { providerWord } from '#worker/subscriptions/provider-word.ts';
import { leftovers, ownAmong } from '#worker/subscriptions/remote-state.ts';

export interface TendingServices extends AccountServices {
  readonly pool: pg.Pool;
  /** Set when the worker stops: what is under way is given back. */
  readonly stopping: AbortSignal;
}

/** For all that is due at once; a lease lasts longer. */
export const BUDGET_MS = 45_000;
/** Of one call to the provider. */
const CALL_TIMEOUT_MS = 15_000;
/** After so many failures that stay, of taking it back: about two days. The provider may send on; nothing here takes it. */
const MAX_REMOVALS = 48;

interface Job {
  readonly row: SubscriptionRow;
  readonly handler: SubscriptionHandler;
  readonly context: TriggerContext;
  readonly pool: pg.Pool;
  readonly redaction: Redaction;
}

/**
 * Does what is due about a subscription in hand: registers it, renews it, holds it against what the provider has, or takes it back.
 * What cannot be done now is done later. Rejects only when the database is away: then the lease ends by itself.
 */
export async function tendSubscription(row: SubscriptionRow, services: TendingServices): Promise<void> {
  const redaction = new Redaction();
  const { pool, stopping } = services;
  try {
    await tend(row, services, redaction);
  } catch (thrown) {
    if (stopping.aborted) return returnSubscription(pool, row);
    await settleFailure(row, thrown, { pool, now: services.now(), redaction });
  }
}

async function tend(row: SubscriptionRow, services: TendingServices, redaction: Redaction): Promise<void> {
  const { pool, stopping } = services;
  // Nobody at the provider knows of it: it ended, or it was never asked for.
  if (!row.isWanted && (row.isOver || row.askedAt === null)) return saveGone(pool, row);
  const handler = findSubscriptionHandler(row.trigger);
  if (!handler) throw unknownTrigger(row.trigger);
  const { workspaceId, connection: slug } = row;
  // What was registered is taken back whoever may use the connection by now.
  const userId = row.isWanted ? row.userId : undefined;
  const place = { workspaceId, userId, slug, timeoutMs: CALL_TIMEOUT_MS, isUpkeep: true };
  const account = await openAccount(place, services, redaction);
  const { connection, http } = account;
  if (!connection) throw new Error('A subscription names its connection.');
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(BUDGET_MS)]);
  const context = { http, connection, signal, timeoutMs: CALL_TIMEOUT_MS, now: services.now() };
  const job = { row, handler, context, pool, redaction };
  if (!row.isWanted) return takeBack(job);
  if (row.remoteId === null) return register(job);
  return keep(job, row.remoteId);
}

/** What an earlier try may have left at the provider goes first: that try ended before anybody could note its secret. */
async function register(job: Job): Promise<void> {
  const { row, handler, context, pool } = job;
  if (row.askedAt !== null) await removeLeftovers(job);
  if (!(await noteAsked(pool, row))) return returnSubscription(pool, row);
  const { workspaceId, id, callbackUrl, settings } = row;
  const place = { workspaceId, recordId: id };
  const ours = sharedSecret(job);
  const { remoteId, secret, expiresAt } = await handler.register(context, {
    callbackUrl,
    settings,
    secret: ours,
  });
  const sealed = secret === undefined || secret === ours ? null : sealSecret(place, secret);
  const { now } = context;
  await saveRegistered(pool, row, {
    remoteId,
    sealed,
    ...providerWord(handler, { now, expiresAt, checkedAt: now }),
  });
  log.info({ part: 'subscriptions', subscription: id, trigger: row.trigger }, 'a subscription is registered');
}

/**
 * Renews it when that is due, and now and then holds it against what the provider has: one that is gone there is registered anew, ones
 * that nobody here knows are taken back.
 */
async function keep(job: Job, remoteId: string): Promise<void> {
  const { row, handler, context, pool } = job;
  const isRenewed = row.isRenewalDue && handler.renew !== undefined;
  const renewed = isRenewed ? await renew(job, remoteId) : undefined;
  const isChecked = handler.list !== undefined && (row.isCheckDue || !isRenewed);
  const own = isChecked ? await check(job, remoteId) : undefined;
  if (renewed === 'gone' || own === 'gone') return saveGone(pool, row);
  const expiresAt = renewed?.expiresAt ?? own?.expiresAt ?? row.expiresAt?.getTime();
  const word = providerWord(handler, {
    now: context.now,
    expiresAt,
    renewAt: isRenewed ? undefined : row.renewAt?.getTime(),
    checkedAt: isChecked ? context.now : row.checkedAt?.getTime(),
  });
  await saveKept(pool, row, { ...word, isChecked });
}

/** What the provider is to sign with: like the account's own secrets, it may come back in what goes wrong. */
function sharedSecret({ row, redaction }: Job): string {
  const secret = openSecret({ workspaceId: row.workspaceId, recordId: row.id }, row);
  redaction.addShown([secret]);
  return secret;
}

async function renew(
  job: Job,
  remoteId: string,
): Promise<{ readonly expiresAt?: number } | 'gone' | undefined> {
  const { row, handler, context } = job;
  const { callbackUrl, settings } = row;
  const secret = sharedSecret(job);
  return orGone(async () => handler.renew?.(context, { remoteId, callbackUrl, settings, secret }));
}

async function check(job: Job, remoteId: string): Promise<RemoteSubscription | 'gone'> {
  const { row, handler, context, pool } = job;
  const remote = (await handler.list?.(context, row.settings)) ?? [];
  for (const stray of await leftovers(pool, row, remote)) await remove(job, stray.remoteId);
  return remote.find((one) => one.remoteId === remoteId) ?? 'gone';
}

async function takeBack(job: Job): Promise<void> {
  const { row, pool } = job;
  if (row.remoteId === null) await removeLeftovers(job);
  else await remove(job, row.remoteId);
  await saveGone(pool, row);
}

async function removeLeftovers(job: Job): Promise<void> {
  const { row, handler, context } = job;
  const remote = (await handler.list?.(context, row.settings)) ?? [];
  for (const { remoteId } of ownAmong(row, remote)) await remove(job, remoteId);
}

async function remove({ row, handler, context }: Job, remoteId: string): Promise<void> {
  const { callbackUrl, settings } = row;
  await orGone(() => handler.remove(context, { remoteId, callbackUrl, settings }));
}

/** Some providers answer 404 for what they no longer have, others 410. */
async function orGone<T>(asking: () => Promise<T>): Promise<T | 'gone'> {
  try {
    return await asking();
  } catch (error) {
    if (error instanceof StepFailure && [404, 410].includes(statusOf(error.error))) return 'gone';
    throw error;
  }
}

function statusOf({ detail }: StepError): number {
  const { status } = (detail ?? {}) as { readonly status?: unknown };
  return typeof status === 'number' ? status : 0;
}

async function settleFailure(
  row: SubscriptionRow,
  thrown: unknown,
  { pool, now, redaction }: { readonly pool: pg.Pool; readonly now: number; readonly redaction: Redaction },
): Promise<void> {
  if (thrown instanceof HeldBack) {
    const pauseMs = Math.max(0, thrown.hold.until - now);
    return saveFault(pool, row, { error: holdError(thrown.hold), pauseMs, isTry: false });
  }
  const error = redaction.apply(toStepError(thrown) as unknown as JsonObject) as unknown as StepError;
  const tries = row.tries + 1;
  log.warn(
    {
      part: 'subscriptions',
      subscription: row.id,
      trigger: row.trigger,
      code: error.code,
      reason: error.message,
    },
    row.isWanted ? 'a subscription could not be seen to' : 'a subscription could not be taken back',
  );
  const isHopeless = error.code === 'connection_missing' || tries >= MAX_REMOVALS;
  if (!row.isWanted && isHopeless) return abandon(row, error);
  const pauseMs = subscriptionPauseMs({ error, tries, random: Math.random() });
  await saveFault(pool, row, { error, pauseMs, isTry: true });
}

function unknownTrigger(trigger: string): StepFailure {
  const message = `This release knows no trigger ${trigger}. Publish the flow with another one.`;
  return new StepFailure({ kind: 'invalid', code: 'unknown_trigger', message });
}
