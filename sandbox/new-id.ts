import { randomBytes } from 'node:crypto';

/** `con_3f…`: a prefix that says what it is of, and 64 random bits. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(8).toString('hex')}`;
}
