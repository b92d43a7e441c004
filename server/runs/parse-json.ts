import type { Json } from '#core/json.ts';

/** Deeper JSON is not taken apart: writing it again would exhaust the stack. */
const MAX_DEPTH = 200;

/**
 * Parses JSON from outside. Undefined when it is not JSON or is nested deeper than 200.
 * Keys named `__proto__` are left out: an assignment of such a key further on would change an object's prototype.
 */
export function parseJson(text: string): Json | undefined {
  try {
    const value = MAY_NAME_PROTO.test(text)
      ? (JSON.parse(text, (key, part: Json) => (key === '__proto__' ? undefined : part)) as Json)
      : (JSON.parse(text) as Json);
    return isDeeperThan(value, MAX_DEPTH) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** A reviver makes parsing ten times slower, so it is used only where the key could be written, escapes included. */
const MAY_NAME_PROTO = /__proto__|\\u00(?:5f|6f|7[024])/i;

function isDeeperThan(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  for (const part of Object.values(value)) if (isDeeperThan(part, depth - 1)) return true;
  return false;
}
