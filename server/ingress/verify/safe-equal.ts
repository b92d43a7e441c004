import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares two texts that are no secret in their length (signatures), in a time that does not tell where they differ. */
export function safeEqual(given: string, expected: string): boolean {
  const left = Buffer.from(given, 'utf8');
  const right = Buffer.from(expected, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Compares two secrets, hiding their lengths too. */
export function safeEqualSecret(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
