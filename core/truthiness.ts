import { type Json, isJsonObject } from './json.ts';

/**
 * Whether a condition holds, as JSONata's `$boolean` says: false, null, 0, empty texts and empty objects do not; a list
 * holds when one of its items does, so `[]` and `[0]` do not.
 */
export function isTruthy(value: Json): boolean {
  if (Array.isArray(value)) return value.some((item: Json) => isTruthy(item));
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}
