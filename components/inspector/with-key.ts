import type { Json, JsonObject } from '#core/json.ts';

/** The object with a key set, or without it for `undefined`. */
export function withKey(values: JsonObject, key: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...values, [key]: value };
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
}
