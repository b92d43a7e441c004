import { createHmac } from 'node:crypto';

import type { HttpClient } from '#connectors/contract.ts';
import type { ChannelTarget } from '#server/alerts/channel-target.ts';

const TIMEOUT_MS = 15_000;
const MAX_REPLY_BYTES = 65_536;

/** One call to a channel. */
export interface ChannelCall {
  /** The same at every attempt: a receiver that got it twice can tell. */
  readonly id: string;
  readonly body: object;
}

/**
 * Posts JSON to a channel's target, signed as Standard Webhooks says where the target has a secret. Throws an error in plain words for
 * anything but a 2xx; a redirect is not followed.
 */
export async function callTarget(
  http: HttpClient,
  { url, signingSecret }: ChannelTarget,
  { id, body }: ChannelCall,
): Promise<void> {
  const text = JSON.stringify(body);
  const signature = signingSecret === undefined ? {} : signed(signingSecret, id, text);
  const { status } = await http({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...signature },
    body: text,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_REPLY_BYTES,
    followsRedirects: false,
  });
  if (status < 200 || status > 299) throw new Error(`${new URL(url).host} answered ${status}.`);
}

function signed(secret: string, id: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
