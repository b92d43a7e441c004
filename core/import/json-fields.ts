import { type Json, type JsonObject, isJsonObject } from '../json.ts';

/** What lies at a path in JSON of an unknown form; undefined where the path ends early. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let found = value;
  for (const part of path) {
    if (typeof part === 'number') found = Array.isArray(found) ? (found as readonly Json[])[part] : undefined;
    else found = isJsonObject(found) && Object.hasOwn(found, part) ? found[part] : undefined;
  }
  return found;
}

/** The text at a path; `other` where there is none. */
export function textAt(value: Json | undefined, path: readonly (string | number)[], other = ''): string {
  const found = at(value, ...path);
  if (typeof found === 'string') return found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : other;
}

/** The objects of a list at a path; none where there is no list. */
export function objectsAt(
  value: Json | undefined,
  ...path: readonly (string | number)[]
): readonly JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly Json[]).filter(isJsonObject) : [];
}
