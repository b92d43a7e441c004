import { prefixedSignature } from '#server/ingress/verify/prefixed-signature.ts';
import type { HmacDialect } from '#server/ingress/verify/verify-hmac.ts';

/** GitHub: `X-Hub-Signature-256: sha256=<hex>` over the body. The SHA-1 header is ignored. GitHub signs no time. */
export const github: HmacDialect = {
  algorithm: 'sha256',
  encoding: 'hex',
  read({ headers, body }) {
    const signatures = prefixedSignature(headers, 'x-hub-signature-256', 'sha256=');
    return { signatures, signed: [body], timestamp: null };
  },
  key: (secret) => secret,
};
