import { prefixedSignature } from '#server/ingress/verify/prefixed-signature.ts';
import type { HmacDialect } from '#server/ingress/verify/verify-hmac.ts';

/** Shopify: `X-Shopify-Hmac-SHA256: <base64>` over the body (newer event families leave out the `X-`). No time is signed. */
export const shopify: HmacDialect = {
  algorithm: 'sha256',
  encoding: 'base64',
  read({ headers, body }) {
    const name =
      headers.values['x-shopify-hmac-sha256'] === undefined ? 'shopify-hmac-sha256' : 'x-shopify-hmac-sha256';
    return { signatures: prefixedSignature(headers, name, ''), signed: [body], timestamp: null };
  },
  key: (secret) => secret,
};
