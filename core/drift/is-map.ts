import { type Shape, countOf } from './shape.ts';

/** More fields than this, and an object is taken for a map whatever its keys look like: a shape stays small. */
const MAX_FIELDS = 200;
/** Keys that come and go look like data from so many on. */
const MANY_KEYS = 30;
const SELDOM = 0.25;
/** A number, a UUID, a hash, a date, an address, an id such as `cus_9s6XKzkNRiz8i3`. */
const DATA_KEY =
  /^(?:\d+|[\da-f]{8}-[\da-f-]{27}|[\da-f]{16,}|\d{4}-\d{2}(?:-\d{2})?.*|[^@\s]+@[^@\s]+|[a-z]{2,5}_(?=[a-z]*\d)[a-z\d]{8,})$/i;

/** Whether the keys of objects (so many of them) are data rather than names. */
export function isMap(fields: Readonly<Record<string, Shape>>, objects: number): boolean {
  const names = Object.keys(fields);
  if (names.length > MAX_FIELDS) return true;
  if (names.length > 0 && names.every((name) => DATA_KEY.test(name))) return true;
  if (names.length < MANY_KEYS) return false;
  const present = Object.values(fields).reduce((sum, field) => sum + countOf(field), 0);
  return present / (names.length * objects) < SELDOM;
}
