/** A JSON value: what flow documents, events and step outputs are made of. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Objects built from keys that users choose have a null prototype (see `emptyObject`). */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** An object without a prototype, to be filled with keys that users or far ends choose. */
export function emptyObject(): Record<string, Json> {
  return Object.create(null) as Record<string, Json>;
}

/** Keys that reach into JavaScript's prototypes; refused wherever users choose key names. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** True for a JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
