import type { Json } from '#core/json.ts';

/** A value as text: texts as they are, nothing as empty, anything else as its JSON. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
