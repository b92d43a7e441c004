import { type Json, type JsonObject, isJsonObject } from '../json.ts';

import type { PillPath } from './pill-path.ts';

/**
 * What a path leads to in example data, the way JSONata would go: a name after a list is looked up in each of its items.
 * `item` is where paths of base `item` begin. Undefined where it leads nowhere.
 */
export function sampleAt(path: PillPath, scope: JsonObject, item?: Json): Json | undefined {
  const root: Json | undefined = path.base === 'item' ? item : scope;
  return path.parts.reduce<Json | undefined>(follow, root);
}

/** How many parts of the path the data has; all of them when it leads somewhere. */
export function depthReached(path: PillPath, scope: JsonObject, item?: Json): number {
  let value: Json | undefined = path.base === 'item' ? item : scope;
  for (const [index, part] of path.parts.entries()) {
    value = follow(value, part);
    if (value === undefined) return index;
  }
  return path.parts.length;
}

function follow(value: Json | undefined, part: string | number): Json | undefined {
  if (value === undefined) return undefined;
  if (typeof part === 'number') return (Array.isArray(value) ? (value as readonly Json[]) : [value]).at(part);
  if (Array.isArray(value)) {
    const found = (value as readonly Json[]).flatMap((each) => {
      const next = follow(each, part);
      return next === undefined ? [] : Array.isArray(next) ? (next as readonly Json[]) : [next];
    });
    return found.length > 1 ? found : found[0];
  }
  return isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}
