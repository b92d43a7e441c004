import { createHash } from 'node:crypto';

/** SHA-256: how random tokens (sessions, API keys) are kept. Not for passwords. */
export function sha256(value: string | Uint8Array): Buffer {
  return createHash('sha256').update(value).digest();
}
