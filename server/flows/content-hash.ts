import { createHash } from 'node:crypto';

/** SHA-256 of a document as it is sent and stored. The order of keys counts: it is that of what the flow sends on. */
export function contentHash(document: unknown): Buffer<ArrayBuffer> {
  return createHash('sha256').update(JSON.stringify(document)).digest();
}
