import { createHash } from 'node:crypto';

/** What hooks are looked up by: SHA-256 of the token's text. */
export function hashHookToken(token: string): Buffer<ArrayBuffer> {
  return createHash('sha256').update(token).digest();
}
