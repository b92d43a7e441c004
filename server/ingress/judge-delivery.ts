import { buildDeliveredEvent } from '#server/ingress/build-event.ts';
import { checkPacking } from '#server/ingress/check-packing.ts';
import { deliveryOf } from '#server/ingress/delivery-of.ts';
import { eventParts } from '#server/ingress/event-parts.ts';
import type { HookCase } from '#server/ingress/hook-case.ts';
import { judgeShapes } from '#server/ingress/judge-shapes.ts';
import { NOT_GENUINE, schemaMismatch } from '#server/ingress/refusal.ts';
import type { TriggerSource } from '#server/ingress/trigger-source.ts';
import type { Verdict } from '#server/ingress/verdict.ts';

/**
 * Judges what a provider sends to a connector's trigger: signature and packing, then its events are read. Unsigned, only the
 * question is answered whether this is the right address, and only where the connector knows such a question.
 */
export async function judgeDelivery(given: HookCase, source: TriggerSource): Promise<Verdict> {
  const parts = eventParts(given);
  const { handshake, read } = source.delivery;
  const asked = handshake?.(deliveryOf(given, parts)) ?? null;
  if (asked) return { kind: 'answer', reply: asked };

  if (!(await isGenuine(given, source))) return { kind: 'refuse', refusal: NOT_GENUINE };
  const fault = await checkPacking({
    body: given.body,
    headers: given.request.headers.values,
    maxBytes: given.published.trigger.settings.maxBodyBytes,
  });
  if (fault) return { kind: 'refuse', refusal: fault };

  const received = read(deliveryOf(given, parts), source.settings);
  if ('reply' in received) return { kind: 'answer', reply: received.reply };
  const { taken, refused } = judgeShapes(given, parts, received.events);
  // What fits is taken: the provider would send all of it again, and it would be refused again.
  if (refused[0] && taken.length === 0)
    return { kind: 'refuse', refusal: schemaMismatch(refused[0].mismatches) };
  const events = taken.map((judged) =>
    buildDeliveredEvent(given, parts, { connector: source.connector, ...judged }),
  );
  return { kind: 'accept', events: await Promise.all(events) };
}

async function isGenuine(
  { request, body, published }: HookCase,
  { verify }: TriggerSource,
): Promise<boolean> {
  for (const secret of published.subscriptions?.secrets ?? [])
    if (await verify({ ...request, body, fields: { secret } })) return true;
  return false;
}
