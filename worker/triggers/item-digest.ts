import { createHash } from 'node:crypto';

import { isJsonObject, type Json } from '#core/json.ts';

/** The key of an item that has none of its own: the same for the same content, whatever the order of its names. */
export function itemDigest(item: Json): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(item, sortNames)).digest('hex')}`;
}

function sortNames(_: string, value: Json): Json {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
