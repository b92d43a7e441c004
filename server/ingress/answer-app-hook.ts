import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { AppEvent } from '#connectors/trigger-contract.ts';
import { offerRefusal, offerStored } from '#server/captures/offer-events.ts';
import { acceptTogether } from '#server/ingress/accept-together.ts';
import type { AcceptedEvent } from '#server/ingress/accepted-event.ts';
import { refuse, type Answer } from '#server/ingress/answer.ts';
import { appEventFlows, appTrigger } from '#server/ingress/app-event-flows.ts';
import { buildDeliveredEvent } from '#server/ingress/build-event.ts';
import { checkPacking } from '#server/ingress/check-packing.ts';
import { checkRequest } from '#server/ingress/check-request.ts';
import { deliveryOf } from '#server/ingress/delivery-of.ts';
import { eventParts } from '#server/ingress/event-parts.ts';
import { findAppHook, keepAppSecret, noteAppDelivery, type AppHook } from '#server/ingress/find-app-hook.ts';
import type { HeldBytes } from '#server/ingress/held-bytes.ts';
import type { HookCase } from '#server/ingress/hook-case.ts';
import { hookRequest, type AppPlace } from '#server/ingress/hook-request.ts';
import { judgeShapes } from '#server/ingress/judge-shapes.ts';
import { readBody } from '#server/ingress/read-body.ts';
import {
  BUSY,
  NOT_GENUINE,
  NOT_STORED,
  refusalFor,
  schemaMismatch,
  tooLarge,
  UNKNOWN_HOOK,
} from '#server/ingress/refusal.ts';
import { verifierOfSource } from '#server/ingress/verify/verifier.ts';

/** Chosen anew so often when flows keep changing under a delivery. */
const MAX_ROUNDS = 3;

/**
 * Answers one request to `/hooks/apps/<connector>/<token>`: checks that it is the app's, and stores each of its events for every
 * published flow that wants it, all in one commit before the 200.
 */
export async function answerAppHook(
  request: IncomingMessage,
  { connector, token }: AppPlace,
  { nowMs, held }: { readonly nowMs: number; readonly held: HeldBytes },
): Promise<Answer> {
  const tokenHash = createHash('sha256').update(token).digest('hex');
  const hook = await findAppHook(connector, tokenHash);
  if (!hook) return refuse(UNKNOWN_HOOK);
  const line = hookRequest(request, nowMs);
  const place = placeOf(hook, tokenHash);
  const fault = checkRequest(place.hook, line);
  if (fault) return refuse(fault);
  const { maxBodyBytes } = place.published.trigger.settings;
  const body = await readBody(request, maxBodyBytes, held);
  if (body === 'aborted') return { kind: 'none' };
  if (body === 'too_large') return refuse(tooLarge(maxBodyBytes));
  if (body === 'busy') return refuse(BUSY);
  return judgeAndStore(hook, { ...place, request: line, body });
}

/** Stands for the flows until it is known which they are. */
function placeOf({ workspaceId, source }: AppHook, tokenHash: string): Pick<HookCase, 'hook' | 'published'> {
  const trigger = appTrigger(source.maxBodyBytes);
  const published = {
    versionId: '',
    versionNumber: 0,
    trigger,
    connection: null,
    subscriptions: null,
    learned: null,
  };
  return { hook: { tokenHash, workspaceId, flowId: '', flowSlug: '', published }, published };
}

async function judgeAndStore(hook: AppHook, given: HookCase): Promise<Answer> {
  const { source } = hook;
  const parts = eventParts(given);
  if (!(await isGenuine(hook, given))) {
    const secret = source.secretIn?.(deliveryOf(given, parts)) ?? null;
    const isKept = secret !== null && (await keepAppSecret(hook, secret));
    return isKept ? { kind: 'answer', reply: { status: 200, body: {} } } : refuse(NOT_GENUINE);
  }
  const fault = await checkPacking({
    body: given.body,
    headers: given.request.headers.values,
    maxBytes: given.published.trigger.settings.maxBodyBytes,
  });
  if (fault) return refuse(fault);
  await noteAppDelivery(hook);
  const received = source.read(deliveryOf(given, parts));
  if ('reply' in received) return { kind: 'answer', reply: received.reply };
  return store(hook, given, received.events);
}

async function isGenuine({ source, secrets }: AppHook, { request, body }: HookCase): Promise<boolean> {
  const verify = verifierOfSource(source.signature);
  for (const secret of secrets) if (await verify({ ...request, body, fields: { secret } })) return true;
  return false;
}

/** A flow that is published or taken off the air just now has the events of the others chosen anew: those that were stored are known by their keys. */
async function store(hook: AppHook, given: HookCase, events: readonly AppEvent[]): Promise<Answer> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { accepted, refused } = await fanOut(hook, given, events);
    const outcomes = await acceptTogether(accepted);
    const refusal = refusalFor(outcomes);
    if (refusal) return refuse(refusal);
    if (!outcomes.every(({ kind }) => kind === 'stored')) continue;
    offerStored(accepted, outcomes, given.request.nowMs);
    return { kind: 'fanned_out', outcomes, refused };
  }
  return refuse(NOT_STORED);
}

/** An event for each flow that wants it, and how many a flow refused for what they look like: of that the app hears nothing. */
interface FannedOut {
  readonly accepted: readonly AcceptedEvent[];
  readonly refused: number;
}

async function fanOut(hook: AppHook, given: HookCase, events: readonly AppEvent[]): Promise<FannedOut> {
  const accounts = [...new Set(events.flatMap((event) => event.accounts))];
  if (accounts.length === 0) return { accepted: [], refused: 0 };
  const { connector } = hook.source;
  const built: Promise<AcceptedEvent>[] = [];
  let refused = 0;
  for (const flow of await appEventFlows(hook, accounts)) {
    const own = { ...given, hook: flow.hook, published: flow.published };
    const parts = eventParts(own);
    const wanted = events.filter((event) => flow.wants(event));
    const judged = judgeShapes(own, parts, wanted);
    for (const { mismatches } of judged.refused) offerRefusal(flow.hook.flowId, schemaMismatch(mismatches));
    refused += judged.refused.length;
    built.push(...judged.taken.map((one) => buildDeliveredEvent(own, parts, { connector, ...one })));
  }
  return { accepted: await Promise.all(built), refused };
}
