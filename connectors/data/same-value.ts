import { isJsonObject, type Json } from '#core/json.ts';

/** The same text for values that are equal, whatever the order of their fields; another one for others. */
export function sameValueKey(value: Json): string {
  return JSON.stringify(value, (_, part: Json) =>
    isJsonObject(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
