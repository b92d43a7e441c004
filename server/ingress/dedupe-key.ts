import { createHash } from 'node:crypto';

import type { WebhookVerify } from '#connectors/core/webhook-verify.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { onlyHeader, type HookHeaders } from '#server/ingress/read-headers.ts';
import { standardWebhooksId } from '#server/ingress/verify/standard-webhooks.ts';

/** Longer keys are kept as their hash: an index entry has a limit. */
const MAX_KEY_LENGTH = 500;

/**
 * The id that a scheme's senders keep over their repeats of one delivery; null where the scheme has none.
 * Never made from the body: two equal bodies may well be two events.
 *
 * @param body the parsed body, read only by the schemes that keep the id there.
 */
export function deliveryId(
  scheme: WebhookVerify['scheme'],
  headers: HookHeaders,
  body: () => Json,
): string | null {
  switch (scheme) {
    case 'standard_webhooks':
      return asKey(standardWebhooksId(headers));
    case 'github':
      return asKey(onlyHeader(headers, 'x-github-delivery'));
    case 'shopify':
      return asKey(onlyHeader(headers, 'x-shopify-webhook-id') ?? onlyHeader(headers, 'shopify-webhook-id'));
    case 'stripe':
      return asKey(textAt(body(), 'id'));
    case 'slack':
      return asKey(textAt(body(), 'event_id'));
    case 'none':
    case 'hmac':
    case 'basic':
    case 'token':
    case 'jwt':
      return null;
  }
}

/** A value as a dedupe key. Null for nothing (null, an empty text): such events are not compared. */
export function asKey(value: Json | undefined): string | null {
  if (value === undefined || value === null || value === '') return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const isStorable = text.length <= MAX_KEY_LENGTH && !text.includes('\0') && text.isWellFormed();
  return isStorable ? text : `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function textAt(body: Json, key: string): Json | undefined {
  const value = isJsonObject(body) ? body[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
