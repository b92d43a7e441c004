import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { sameJson } from '../same-json.ts';

/** One field that is another than before. `undefined`: the field is not there. */
export interface FieldChange {
  /** The way to the field, such as `['config', 'body', 'amount']`; items of lists by their index. */
  readonly path: readonly string[];
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/**
 * The smallest fields in which two values differ. An expression or template is one field; a list whose length changed is
 * too. With `isOrdered`, fields in another order are a change of the group that holds them: that is the order sent on.
 */
export function fieldChanges(
  before: Json | undefined,
  after: Json | undefined,
  { path = [], isOrdered = false }: { readonly path?: readonly string[]; readonly isOrdered?: boolean } = {},
): FieldChange[] {
  if (sameJson(before, after) && !(isOrdered && isReordered(before, after))) return [];
  const keys = commonKeys(before, after);
  if (keys === null) return [{ path, before, after }];
  const inner = keys.flatMap((key) =>
    fieldChanges(memberOf(before, key), memberOf(after, key), { path: [...path, key], isOrdered }),
  );
  return inner.length > 0 ? inner : [{ path, before, after }];
}

/** True when two values say the same and differ in the order of their fields. */
export function isReordered(before: Json | undefined, after: Json | undefined): boolean {
  return sameJson(before, after) && JSON.stringify(before) !== JSON.stringify(after);
}

/** The members to compare one by one; null for values that are compared as wholes. */
function commonKeys(before: Json | undefined, after: Json | undefined): readonly string[] | null {
  if (Array.isArray(before) && Array.isArray(after))
    return before.length === after.length ? Object.keys(before) : null;
  if (!isGroup(before) || !isGroup(after)) return null;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  const members = value as Readonly<Record<string, Json>>;
  return Object.hasOwn(members, key) ? members[key] : undefined;
}

/** An object that holds settings; an expression or template is none. */
function isGroup(value: Json | undefined): value is JsonObject {
  return isJsonObject(value) && !('$expr' in value) && !('$tpl' in value);
}
