import { isMap } from './is-map.ts';
import { EMPTY_SHAPE, JSON_TYPES, type Shape, countOfType } from './shape.ts';

/** What was learned of two lots of values, as if it had been of one. */
export function mergeShapes(a: Shape, b: Shape): Shape {
  const items = mergeOptional(a.items, b.items);
  const values = mergeOptional(a.values, b.values);
  const fields = a.fields || b.fields ? mergeFields(a.fields ?? {}, b.fields ?? {}) : undefined;
  return foldMap({
    types: addTypes(a, b),
    ...(fields && { fields }),
    ...(items && { items }),
    ...(values && { values }),
  });
}

/** The same, objects taken for maps where their keys are data, or one of them was a map already. */
export function foldMap(shape: Shape): Shape {
  const { fields, ...rest } = shape;
  if (fields === undefined) return shape;
  if (rest.values === undefined && !isMap(fields, countOfType(shape, 'object'))) return shape;
  return { ...rest, values: Object.values(fields).reduce(mergeShapes, rest.values ?? EMPTY_SHAPE) };
}

function addTypes(a: Shape, b: Shape): Shape['types'] {
  const present = JSON_TYPES.filter((type) => type in a.types || type in b.types);
  return Object.fromEntries(present.map((type) => [type, countOfType(a, type) + countOfType(b, type)]));
}

function mergeOptional(a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  return a && b ? mergeShapes(a, b) : (a ?? b);
}

function mergeFields(
  a: Readonly<Record<string, Shape>>,
  b: Readonly<Record<string, Shape>>,
): Record<string, Shape> {
  const merged = Object.assign(Object.create(null) as Record<string, Shape>, a);
  for (const [name, shape] of Object.entries(b)) {
    const known = merged[name];
    merged[name] = known ? mergeShapes(known, shape) : shape;
  }
  return merged;
}
