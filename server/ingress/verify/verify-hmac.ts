import { createHmac } from 'node:crypto';

import { SIGNATURE_TOLERANCE_SECONDS } from '#connectors/core/webhook-verify.ts';
import { safeEqual } from '#server/ingress/verify/safe-equal.ts';
import { currentSecrets, type Verification, type Verify } from '#server/ingress/verify/verification.ts';

/** What a dialect reads from a request. */
export interface SignedMessage {
  /** The signatures of the header; one of them must match, letter for letter. */
  readonly signatures: readonly string[];
  /** The signed bytes, in pieces. */
  readonly signed: readonly (string | Buffer)[];
  /** Unix time in seconds as the header gave it; null where the dialect has none. */
  readonly timestamp: string | null;
}

export interface HmacDialect {
  readonly algorithm: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  /** Null when a header is missing, comes twice or is malformed. */
  read(request: Verification): SignedMessage | null;
  /** The key's bytes; null when the secret is not of the dialect's form. */
  key(secret: string): Uint8Array | string | null;
}

/**
 * The one HMAC verifier: dialects are rows of a table.
 *
 * The expected signature is encoded and compared as text, so that upper-case hex, URL-safe base64 and base64 without its
 * padding are refused without a decoder that might forgive them.
 */
export function verifyHmac(dialect: HmacDialect): Verify {
  return (request) => {
    const message = dialect.read(request);
    if (!message || message.signatures.length === 0) return false;
    if (message.timestamp !== null && !isFresh(message.timestamp, request.nowMs)) return false;
    return currentSecrets(request.fields).some((secret) => {
      const key = dialect.key(secret);
      if (key === null || key.length === 0) return false;
      const expected = sign(dialect, key, message.signed);
      return message.signatures.some((signature) => safeEqual(signature, expected));
    });
  };
}

/** Only plain digits are a time: `NaN`, `1e9`, signs and spaces are not. */
function isFresh(timestamp: string, nowMs: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(Math.floor(nowMs / 1000) - Number(timestamp)) <= SIGNATURE_TOLERANCE_SECONDS;
}

function sign(dialect: HmacDialect, key: Uint8Array | string, pieces: readonly (string | Buffer)[]): string {
  const hmac = createHmac(dialect.algorithm, key);
  for (const piece of pieces) hmac.update(piece);
  return hmac.digest(dialect.encoding);
}
