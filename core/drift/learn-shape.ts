import { FORBIDDEN_KEYS, type Json, isJsonObject } from '../json.ts';

import { foldMap, mergeShapes } from './merge-shapes.ts';
import { EMPTY_SHAPE, type JsonType, type Shape } from './shape.ts';

/** Deeper places are not learned. */
const MAX_DEPTH = 12;
/** Of a longer list, as many items spread over all of it. */
const MAX_ITEMS = 50;
/** Places in one value; what comes after is not learned. */
const MAX_PLACES = 2_000;

/** What one value is like, of bounded size. Merge those of many values with `mergeShapes`. */
export function learnShape(value: Json): Shape {
  return shapeOf(value, { depth: 0, budget: { places: MAX_PLACES } });
}

interface Place {
  readonly depth: number;
  readonly budget: { places: number };
}

function shapeOf(value: Json, { depth, budget }: Place): Shape {
  budget.places -= 1;
  const types = { [typeOf(value)]: 1 };
  if (depth >= MAX_DEPTH || budget.places <= 0) return { types };
  const below = { depth: depth + 1, budget };
  if (Array.isArray(value)) {
    const items = spread(value as readonly Json[]).map((item) => shapeOf(item, below));
    return items.length === 0 ? { types } : { types, items: items.reduce(mergeShapes, EMPTY_SHAPE) };
  }
  if (!isJsonObject(value)) return { types };
  const fields = Object.create(null) as Record<string, Shape>;
  for (const [name, field] of Object.entries(value))
    if (!FORBIDDEN_KEYS.has(name)) fields[name] = shapeOf(field, below);
  return foldMap({ types, fields });
}

function typeOf(value: Json): JsonType {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : (typeof value as JsonType);
}

function spread(items: readonly Json[]): readonly Json[] {
  if (items.length <= MAX_ITEMS) return items;
  return Array.from({ length: MAX_ITEMS }, (_, at) => items[Math.floor((at * items.length) / MAX_ITEMS)]!);
}
