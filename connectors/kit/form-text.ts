import type { Json } from '#core/json.ts';

/** A value as a form: `a=1&b[c]=2&d[0]=3`. Null and empty objects and lists are not sent. */
export function formText(value: Json): string {
  const form = new URLSearchParams();
  for (const [name, text] of pairs('', value)) form.append(name, text);
  return form.toString();
}

function pairs(name: string, value: Json): readonly (readonly [string, string])[] {
  if (value === null) return [];
  if (typeof value !== 'object') return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, part]: readonly [string, Json]) =>
    pairs(inside(name, key), part),
  );
}

function inside(name: string, key: string): string {
  return name === '' ? key : `${name}[${key}]`;
}
