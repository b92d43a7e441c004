import { createHash } from 'node:crypto';

import type { Json } from '#core/json.ts';
import { isJsonObject } from '#core/json.ts';

/** SHA-256 of the canonical form of a JSON value: two documents that differ in key order alone hash alike. */
export function contentHash(value: unknown): Buffer<ArrayBuffer> {
  return createHash('sha256')
    .update(canonicalJson(value as Json))
    .digest();
}

/** JSON with sorted keys and no white space. Members that are `undefined` are left out, as `JSON.stringify` does. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}
