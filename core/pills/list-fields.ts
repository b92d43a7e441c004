import { FORBIDDEN_KEYS, type Json, type JsonObject, emptyObject, isJsonObject } from '../json.ts';

import type { PillPath } from './pill-path.ts';

/** A place in example data that a pill can be made of. */
export interface DataField {
  readonly path: PillPath;
  readonly value: Json;
}

const MERGED_ITEMS = 20;
const MAX_DEPTH = 12;

/**
 * A value and all that is below it, nearest first, `limit` places at most. The fields of a list's items are listed once,
 * for every item: `lines.sku`.
 */
export function listFields(root: DataField, limit: number): readonly DataField[] {
  const found: DataField[] = [root];
  for (let at = 0; at < found.length && found.length < limit; at += 1) {
    const field = found[at];
    if (field && field.path.parts.length < MAX_DEPTH)
      found.push(...fieldsOf(field).slice(0, limit - found.length));
  }
  return found;
}

/** The named places directly below a value; for a list, those of its items taken together. */
export function fieldsOf({ path, value }: DataField): readonly DataField[] {
  const fields = Array.isArray(value) ? mergedItem(value as readonly Json[]) : value;
  if (!isJsonObject(fields)) return [];
  return Object.entries(fields).map(([name, child]) => ({
    path: { ...path, parts: [...path.parts, name] },
    value: child,
  }));
}

/** An object with every field that one of the first items has; null for a list of other things. */
export function mergedItem(items: readonly Json[]): JsonObject | null {
  const objects = items.slice(0, MERGED_ITEMS).filter(isJsonObject);
  if (objects.length === 0) return null;
  const merged = emptyObject();
  for (const [name, value] of objects.flatMap((object) => Object.entries(object))) {
    if (!FORBIDDEN_KEYS.has(name)) merged[name] ??= value;
  }
  return merged;
}
