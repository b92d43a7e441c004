import { onlyHeader } from '#server/ingress/read-headers.ts';
import { prefixedSignature } from '#server/ingress/verify/prefixed-signature.ts';
import type { HmacDialect } from '#server/ingress/verify/verify-hmac.ts';

/** Slack: `X-Slack-Signature: v0=<hex>` over `v0:{timestamp}:{body}`, the time in `X-Slack-Request-Timestamp`. */
export const slack: HmacDialect = {
  algorithm: 'sha256',
  encoding: 'hex',
  read({ headers, body }) {
    const timestamp = onlyHeader(headers, 'x-slack-request-timestamp');
    if (timestamp === undefined) return null;
    const signatures = prefixedSignature(headers, 'x-slack-signature', 'v0=');
    return { signatures, signed: [`v0:${timestamp}:`, body], timestamp };
  },
  key: (secret) => secret,
};
