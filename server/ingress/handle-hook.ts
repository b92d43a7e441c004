import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { captureForDraft } from '#server/captures/capture-for-draft.ts';
import { offerRefusal, offerStored } from '#server/captures/offer-events.ts';
import { databaseNow } from '#server/db/clock-watch.ts';
import { acceptEvent } from '#server/ingress/accept-event.ts';
import { acceptTogether } from '#server/ingress/accept-together.ts';
import type { AcceptedEvent, Outcome } from '#server/ingress/accepted-event.ts';
import { answerAppHook } from '#server/ingress/answer-app-hook.ts';
import { refuse, type Answer } from '#server/ingress/answer.ts';
import { countAnswer } from '#server/ingress/count-answer.ts';
import { isDatabaseAway, noteDatabaseError } from '#server/ingress/database-health.ts';
import { checkRequest } from '#server/ingress/check-request.ts';
import { findHook, rememberedHook, type Hook, type PublishedHook } from '#server/ingress/find-hook.ts';
import { appPlaceOf, hookRequest, tokenOf, type HookRequest } from '#server/ingress/hook-request.ts';
import { trackInProgress } from '#server/ingress/in-progress.ts';
import { judge } from '#server/ingress/judge.ts';
import { HeldBytes } from '#server/ingress/held-bytes.ts';
import { readBody } from '#server/ingress/read-body.ts';
import {
  BUSY,
  NOT_PUBLISHED,
  NOT_STORED,
  refusalFor,
  tooLarge,
  UNKNOWN_HOOK,
} from '#server/ingress/refusal.ts';
import { sendAccepted, sendDelivered } from '#server/ingress/send-accepted.ts';
import { sendHandshake, sendRefusal } from '#server/ingress/send-reply.ts';
import { log } from '#server/log.ts';

/** Checked anew so often when the flow keeps changing under a request. */
const MAX_ROUNDS = 3;

export interface HandleHookOptions {
  /** Unix time in milliseconds, for the freshness of signatures. Default: the database's. */
  readonly now?: () => number;
}

/**
 * Answers one request to `/hooks/<token>` or an app's hook: checks it, stores event and run, and replies after the commit.
 * Always replies (unless the sender went away) and never rejects.
 */
export async function handleHook(
  request: IncomingMessage,
  response: ServerResponse,
  { now = databaseNow }: HandleHookOptions = {},
): Promise<void> {
  const held = new HeldBytes(declaredBytes(request));
  let answer: Answer | undefined;
  try {
    answer = await trackInProgress(decide(request, now(), held));
    countAnswer(answer);
    await send(request, response, answer);
  } catch (error) {
    if (!noteDatabaseError(error)) log.error({ err: error, part: 'ingress' }, 'A webhook request failed');
    if (response.headersSent) response.destroy();
    else await sendRefusal(request, response, NOT_STORED);
    if (!answer) countAnswer(refuse(NOT_STORED));
  } finally {
    held.release();
  }
}

/** Undefined for a body in chunks. */
function declaredBytes({ headers }: IncomingMessage): number | undefined {
  return headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined;
}

const NOTHING_WANTED: Answer = { kind: 'delivered', outcomes: [] };

async function decide(request: IncomingMessage, nowMs: number, held: HeldBytes): Promise<Answer> {
  const url = request.url ?? '';
  const app = appPlaceOf(url);
  if (app) return isDatabaseAway() ? refuse(NOT_STORED) : answerAppHook(request, app, { nowMs, held });
  const token = tokenOf(url);
  if (token === null) return refuse(UNKNOWN_HOOK);
  if (isDatabaseAway()) return refuse(NOT_STORED);
  const line = hookRequest(request, nowMs);
  const hook = await hookFor(createHash('sha256').update(token).digest('hex'), line);
  if (!hook) return refuse(UNKNOWN_HOOK);

  if (!hook.published) {
    await captureForDraft(request, { hook, line, held });
    return refuse(NOT_PUBLISHED);
  }
  const answer = await answerHook(request, { hook, published: hook.published, line, held });
  if (answer.kind === 'refuse') offerRefusal(hook.flowId, answer.refusal);
  return answer;
}

interface PublishedDelivery {
  readonly hook: Hook;
  readonly published: PublishedHook;
  readonly line: HookRequest;
  readonly held: HeldBytes;
}

async function answerHook(
  request: IncomingMessage,
  { hook, published, line, held }: PublishedDelivery,
): Promise<Answer> {
  const fault = checkRequest(hook, line);
  if (fault) return refuse(fault);
  const { maxBodyBytes } = published.trigger.settings;
  const body = await readBody(request, maxBodyBytes, held);
  if (body === 'aborted') return { kind: 'none' };
  if (body === 'too_large') return refuse(tooLarge(maxBodyBytes));
  if (body === 'busy') return refuse(BUSY);
  return judgeAndStore(hook, line, body);
}

/** The remembered hook, unless the request would be refused by it: that is said only after a fresh look. */
async function hookFor(tokenHash: string, line: HookRequest): Promise<Hook | null> {
  const remembered = rememberedHook(tokenHash);
  return remembered && !checkRequest(remembered, line) ? remembered : findHook(tokenHash);
}

/** Judges by the hook that is at hand, and again by a fresh one when the hook turns out to have changed. */
async function judgeAndStore(first: Hook, line: HookRequest, body: Buffer): Promise<Answer> {
  let hook: Hook | null = first;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (!hook) return refuse(UNKNOWN_HOOK);
    const fault = checkRequest(hook, line);
    if (fault || !hook.published) return refuse(fault ?? NOT_PUBLISHED);
    const { published } = hook;
    const verdict = await judge({ hook, published, request: line, body });
    if (verdict.kind === 'accept' && verdict.events.length > 0) {
      const outcomes = await accept(verdict.events);
      const refusal = refusalFor(outcomes);
      if (refusal) return refuse(refusal);
      if (outcomes.every(({ kind }) => kind === 'stored')) {
        offerStored(verdict.events, outcomes, line.nowMs);
        return storedAnswer(outcomes, published);
      }
      hook = await findHook(hook.tokenHash);
    } else {
      const fresh: Hook | null = await findHook(hook.tokenHash);
      if (isSameHook(hook, fresh)) return verdict.kind === 'accept' ? NOTHING_WANTED : verdict;
      hook = fresh;
    }
  }
  return refuse(NOT_STORED);
}

/** Single events are stored together with others that arrive just now. */
async function accept(events: readonly AcceptedEvent[]): Promise<readonly Outcome[]> {
  const [first, ...more] = events;
  return first && more.length === 0 ? [await acceptEvent(first)] : acceptTogether(events);
}

function storedAnswer(outcomes: readonly Outcome[], { trigger }: PublishedHook): Answer {
  const [first, ...more] = outcomes;
  if (first?.kind !== 'stored' || more.length > 0) return { kind: 'delivered', outcomes };
  return { kind: 'stored', stored: { ...first, settings: trigger.settings } };
}

function isSameHook(before: Hook, after: Hook | null): boolean {
  return (
    before.published?.versionId === after?.published?.versionId &&
    before.published?.connection?.stamp === after?.published?.connection?.stamp &&
    before.published?.subscriptions?.stamp === after?.published?.subscriptions?.stamp
  );
}

async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  switch (answer.kind) {
    case 'refuse':
      return sendRefusal(request, response, answer.refusal);
    case 'answer':
      return sendHandshake(response, answer.reply);
    case 'stored':
      return sendAccepted(request, response, answer.stored);
    case 'delivered':
      return sendDelivered(response, answer.outcomes);
    case 'fanned_out':
      return sendHandshake(response, { status: 200, body: { events: answer.outcomes.length } });
    case 'none':
      response.destroy();
  }
}
