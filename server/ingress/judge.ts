import { isJsonObject, type Json } from '#core/json.ts';
import { buildWebhookEvent } from '#server/ingress/build-event.ts';
import { checkPacking } from '#server/ingress/check-packing.ts';
import { eventParts } from '#server/ingress/event-parts.ts';
import type { HookCase } from '#server/ingress/hook-case.ts';
import { judgeDelivery } from '#server/ingress/judge-delivery.ts';
import { noteRefused } from '#server/drift/note-refused.ts';
import { unusualParts } from '#server/drift/unusual-parts.ts';
import { NOT_GENUINE, schemaMismatch } from '#server/ingress/refusal.ts';
import type { Verdict } from '#server/ingress/verdict.ts';

/** Checks signature, packing and schema, in this order: nothing of a body is looked at before it is known to be genuine. */
export async function judge(given: HookCase): Promise<Verdict> {
  const { source } = given.published.trigger;
  return source ? judgeDelivery(given, source) : judgeWebhook(given);
}

async function judgeWebhook(given: HookCase): Promise<Verdict> {
  const { request, body, published } = given;
  const { settings, verify, checkBody } = published.trigger;
  const fields = published.connection?.fields ?? {};
  if (!(await verify({ ...request, body, fields }))) return { kind: 'refuse', refusal: NOT_GENUINE };

  const fault = await checkPacking({
    body,
    headers: request.headers.values,
    maxBytes: settings.maxBodyBytes,
  });
  if (fault) return { kind: 'refuse', refusal: fault };

  const parts = eventParts(given);
  const challenge = settings.verify.scheme === 'slack' ? slackChallenge(parts.body()) : null;
  if (challenge !== null) return { kind: 'answer', reply: { status: 200, body: { challenge } } };

  const mismatches = checkBody?.(parts.body()) ?? [];
  if (mismatches.length > 0 && settings.onSchemaMismatch === 'reject')
    return { kind: 'refuse', refusal: schemaMismatch(mismatches) };
  // A body that nobody asks for is not parsed.
  const unusual = published.learned === null ? [] : unusualParts(published.learned, parts.body());
  if (unusual.length > 0 && settings.onDrift === 'reject') {
    noteRefused(given.hook, { version: published.versionNumber, body: parts.body() });
    return { kind: 'refuse', refusal: schemaMismatch(unusual) };
  }
  return { kind: 'accept', events: [await buildWebhookEvent(given, parts, [...mismatches, ...unusual])] };
}

function slackChallenge(body: Json): string | null {
  if (!isJsonObject(body) || body['type'] !== 'url_verification') return null;
  return typeof body['challenge'] === 'string' ? body['challenge'] : null;
}
