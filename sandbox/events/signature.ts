import { createHmac } from 'node:crypto';

/** The value of `Acme-Signature`: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<raw body>">`. */
export function signatureOf(body: string, options: { secret: string; unixSeconds: number }): string {
  const { secret, unixSeconds } = options;
  const digest = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  return `t=${unixSeconds},v1=${digest}`;
}
