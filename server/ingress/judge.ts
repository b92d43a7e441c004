import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import type { AcceptedEvent } from '#server/ingress/accepted-event.ts';
import { buildEvent } from '#server/ingress/build-event.ts';
import { checkPacking } from '#server/ingress/check-packing.ts';
import type { EventParts, HookCase } from '#server/ingress/hook-case.ts';
import { readQuery } from '#server/ingress/read-query.ts';
import { redactHeaders } from '#server/ingress/redact-headers.ts';
import { NOT_GENUINE, schemaMismatch, type Refusal } from '#server/ingress/refusal.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';

/** What is to be done with it. */
export type Verdict =
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  /** Slack asks whether this is the right address. */
  | { readonly kind: 'answer_challenge'; readonly challenge: string }
  | { readonly kind: 'accept'; readonly event: AcceptedEvent };

/** Checks signature, packing and schema, in this order: nothing of a body is looked at before it is known to be genuine. */
export async function judge(given: HookCase): Promise<Verdict> {
  const { request, body, published } = given;
  const { settings, verify, checkBody } = published.trigger;
  const fields = published.connection?.fields ?? {};
  const isGenuine = await verify({ headers: request.headers, body, nowMs: request.nowMs, fields });
  if (!isGenuine) return { kind: 'refuse', refusal: NOT_GENUINE };

  const fault = await checkPacking({
    body,
    headers: request.headers.values,
    maxBytes: settings.maxBodyBytes,
  });
  if (fault) return { kind: 'refuse', refusal: fault };

  const parts = eventParts(given);
  const challenge = settings.verify.scheme === 'slack' ? slackChallenge(parts.body()) : null;
  if (challenge !== null) return { kind: 'answer_challenge', challenge };

  const mismatches = checkBody?.(parts.body()) ?? [];
  if (mismatches.length > 0 && settings.onSchemaMismatch === 'reject')
    return { kind: 'refuse', refusal: schemaMismatch(mismatches) };
  return { kind: 'accept', event: await buildEvent(given, parts, mismatches) };
}

function eventParts({ published, request, body }: HookCase): EventParts {
  const headers = redactHeaders(request.headers.values, published.trigger.settings.verify);
  const query = readQuery(request.search);
  let trigger: JsonObject | undefined;
  const theTrigger = () =>
    (trigger ??= {
      ...triggerValue({
        method: request.method,
        query: {},
        headers,
        body,
        contentType: headers['content-type'] ?? '',
        receivedAt: new Date(request.nowMs),
      }),
      // As they came, not as they will be stored.
      headers,
      query,
    });
  return { headers, query, trigger: theTrigger, body: () => theTrigger()['body'] ?? null };
}

function slackChallenge(body: Json): string | null {
  if (!isJsonObject(body) || body['type'] !== 'url_verification') return null;
  return typeof body['challenge'] === 'string' ? body['challenge'] : null;
}
