import type { ReceivedEvent } from '#connectors/trigger-contract.ts';
import { evaluateValue } from '#core/evaluate-value.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { isComputed } from '#core/value.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import type { AcceptedEvent } from '#server/ingress/accepted-event.ts';
import { asKey, deliveryId } from '#server/ingress/dedupe-key.ts';
import type { EventParts } from '#server/ingress/event-parts.ts';
import type { HookCase } from '#server/ingress/hook-case.ts';
import type { Mismatch } from '#server/ingress/schema-check.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';
import { log } from '#server/log.ts';
import { businessKeyOf } from '#server/runs/business-key-of.ts';
import { concurrencyOf } from '#server/runs/concurrency-of.ts';

/** Makes the event of an accepted request. With mismatches it is quarantined: stored without a run, if that is the setting. */
export async function buildWebhookEvent(
  given: HookCase,
  parts: EventParts,
  mismatches: readonly Mismatch[],
): Promise<AcceptedEvent> {
  const dedupeKey = await dedupeKeyOf(given, parts);
  const verified = given.published.trigger.settings.verify.scheme;
  return buildEvent(given, parts, { dedupeKey, verified, mismatches });
}

/** One of the events of a provider's delivery, and in what it is not as usual. */
export interface DeliveredEvent {
  readonly connector: string;
  readonly event: ReceivedEvent;
  readonly mismatches: readonly Mismatch[];
}

/** Makes it; with mismatches it is quarantined, as that of a webhook. */
export function buildDeliveredEvent(
  given: HookCase,
  parts: EventParts,
  { connector, event: { key, body }, mismatches }: DeliveredEvent,
): Promise<AcceptedEvent> {
  const own = { dedupeKey: asKey(key), verified: connector, mismatches };
  if (body === undefined) return buildEvent(given, parts, own);
  // It was unpacked, whatever the delivery came as.
  const { 'content-encoding': _, ...others } = parts.headers;
  const headers = { ...others, 'content-type': 'application/json' };
  const trigger = () => ({ ...parts.trigger(), headers, body });
  const bytes = Buffer.from(JSON.stringify(body));
  return buildEvent({ ...given, body: bytes }, { ...parts, headers, trigger, body: () => body }, own);
}

interface EventFacts {
  readonly dedupeKey: string | null;
  /** Whose signature was right: a scheme, or a connector. */
  readonly verified: string;
  readonly mismatches: readonly Mismatch[];
}

async function buildEvent(
  given: HookCase,
  parts: EventParts,
  { dedupeKey, verified, mismatches }: EventFacts,
): Promise<AcceptedEvent> {
  const { hook, published, request, body } = given;
  const { trigger, connection } = published;
  const isQuarantined = mismatches.length > 0;
  const { concurrency: setting, businessKey } = trigger;
  const flow: JsonObject = { slug: hook.flowSlug, version: published.versionNumber };
  const seen = { trigger: parts.trigger, flow };
  const concurrency = setting && (await concurrencyOf({ concurrency: setting }, seen));
  return {
    eventId: uuidv7(),
    runId: isQuarantined ? null : uuidv7(),
    tokenHash: hook.tokenHash,
    flowId: hook.flowId,
    versionId: published.versionId,
    versionNumber: published.versionNumber,
    connectionSlug: trigger.connectionSlug,
    connectionStamp: connection?.stamp ?? null,
    dedupeKey,
    method: request.method,
    query: toStoredJson(parts.query),
    headers: toStoredJson(parts.headers),
    body,
    contentType: parts.headers['content-type'] ?? '',
    remoteAddress: request.address,
    verified,
    quarantine: isQuarantined ? toStoredJson(mismatches as unknown as Json) : null,
    concurrencyKey: concurrency?.key ?? null,
    concurrencyLimit: concurrency?.limit ?? null,
    businessKey: businessKey === undefined ? null : await businessKeyOf({ businessKey }, seen),
  };
}

/** The flow's own key if it has an expression for one, else the delivery id of the scheme. */
async function dedupeKeyOf(
  { hook, published, request }: HookCase,
  parts: EventParts,
): Promise<string | null> {
  const { dedupe, verify } = published.trigger.settings;
  if (!isComputed(dedupe)) return deliveryId(verify.scheme, request.headers, parts.body);
  const flow: JsonObject = { slug: hook.flowSlug, version: published.versionNumber };
  try {
    return asKey(
      await evaluateValue(dedupe, { trigger: parts.trigger(), steps: {}, flow }, '/config/dedupe'),
    );
  } catch (error) {
    // An event without a key may run twice; refusing it could lose it.
    if (!(error instanceof StepFailure)) throw error;
    log.warn(
      { part: 'ingress', flow: hook.flowSlug, reason: error.error.message },
      'An event has no duplicate key',
    );
    return null;
  }
}
