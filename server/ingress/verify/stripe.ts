import { onlyHeader } from '#server/ingress/read-headers.ts';
import type { HmacDialect } from '#server/ingress/verify/verify-hmac.ts';

/**
 * Stripe: `Stripe-Signature: t=<unix>,v1=<hex>[,v1=…]`, signed `{t}.{body}`. Only `v1` counts. The secret is used as it is
 * written, `whsec_` included.
 */
export const stripe: HmacDialect = {
  algorithm: 'sha256',
  encoding: 'hex',
  read({ headers, body }) {
    const pairs = (onlyHeader(headers, 'stripe-signature') ?? '').split(',').map((pair) => pair.trim());
    const times = valuesOf(pairs, 't');
    const timestamp = times[0];
    if (timestamp === undefined || times.length > 1) return null;
    return { signatures: valuesOf(pairs, 'v1'), signed: [`${timestamp}.`, body], timestamp };
  },
  key: (secret) => secret,
};

function valuesOf(pairs: readonly string[], name: string): readonly string[] {
  return pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}
