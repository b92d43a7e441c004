import { onlyHeader, type HookHeaders } from '#server/ingress/read-headers.ts';
import type { HmacDialect } from '#server/ingress/verify/verify-hmac.ts';

const SECRET_PREFIX = 'whsec_';

/**
 * Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp`, and in `webhook-signature` a space-separated list whose `v1,`
 * entries are read. The secret is base64, with or without its `whsec_`. Svix's `svix-*` names for the same headers work too.
 */
export const standardWebhooks: HmacDialect = {
  algorithm: 'sha256',
  encoding: 'base64',
  read({ headers, body }) {
    const id = standardWebhooksId(headers);
    const timestamp = standardHeader(headers, 'timestamp');
    const list = standardHeader(headers, 'signature');
    if (!id || !timestamp || !list) return null;
    const signatures = list
      .split(' ')
      .filter((entry) => entry.startsWith('v1,'))
      .map((entry) => entry.slice(3));
    return { signatures, signed: [`${id}.${timestamp}.`, body], timestamp };
  },
  key: (secret) => {
    const text = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret;
    return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
  },
};

/** The message's id, the same on every delivery of it. */
export function standardWebhooksId(headers: HookHeaders): string | undefined {
  return standardHeader(headers, 'id');
}

/** Both families at once would leave open which one was signed: the standard's own name wins, for all three headers. */
function standardHeader(headers: HookHeaders, name: 'id' | 'timestamp' | 'signature'): string | undefined {
  const family = headers.values['webhook-signature'] === undefined ? 'svix' : 'webhook';
  return onlyHeader(headers, `${family}-${name}`);
}
