import { isJsonObject } from './json.ts';

/**
 * The same text for JSON values that are equal, whatever the order of their fields, and another text for any other. For
 * comparing many values in time linear in their size. The empty text for undefined.
 */
export function canonicalText(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (isJsonObject(part) ? sorted(part) : part));
  return text ?? '';
}

function sorted(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
}
