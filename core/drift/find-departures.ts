import { mergeShapes } from './merge-shapes.ts';
import { EMPTY_SHAPE, JSON_TYPES, type JsonType, type Shape, countOf, countOfType } from './shape.ts';

/** A step into data: a field's name, `[]` into the items of a list, `{}` into the values of a map. */
export type DriftPath = readonly string[];

/** A way in which new values are not like those that were learned. */
export interface Departure {
  /** `added` breaks nothing; the others may. */
  readonly kind: 'disappeared' | 'retyped' | 'nulled' | 'added';
  readonly path: DriftPath;
  /** What was there before, most frequent first; empty for `added`. */
  readonly expected: readonly JsonType[];
  /** What is there now; empty for `disappeared`. */
  readonly found: readonly JsonType[];
  /** Of `disappeared`: a new field beside it that looks the same, by its name. */
  readonly renamedTo?: string;
}

/** With fewer values than this, nothing counts as known: a field that was always there may have been so by chance. */
export const LEARNED_FROM = 20;
/** An optional field has disappeared once it is this unlikely that it is absent by chance. */
const CHANCE = 1e-6;

/**
 * How values (one or many, as a shape) depart from what was learned, in document order. Absent optional fields, longer or
 * empty lists and other texts and numbers are no departures. Nothing departs from a place that was hardly seen.
 */
export function findDepartures(learned: Shape, seen: Shape, path: DriftPath = []): readonly Departure[] {
  const own = departuresAt(learned, seen, path);
  if (own.some(({ kind }) => kind === 'retyped')) return own;
  return [
    ...own,
    ...fieldDepartures(learned, seen, path),
    ...below(learned.items, seen.items, [...path, '[]']),
    ...below(learned.values, asValues(learned, seen), [...path, '{}']),
  ];
}

function below(learned: Shape | undefined, seen: Shape | undefined, path: DriftPath): readonly Departure[] {
  return learned && seen ? findDepartures(learned, seen, path) : [];
}

/** Values of a map that came as an object with few keys. */
function asValues(learned: Shape, seen: Shape): Shape | undefined {
  if (learned.values === undefined) return undefined;
  const values = seen.values ?? EMPTY_SHAPE;
  return Object.values(seen.fields ?? {}).reduce(mergeShapes, values);
}

function departuresAt(learned: Shape, seen: Shape, path: DriftPath): readonly Departure[] {
  const expected = typesOf(learned);
  const found = typesOf(seen);
  if (countOf(learned) < LEARNED_FROM || expected.length === 0) return [];
  // What was null whenever anybody looked may turn out to be anything.
  if (expected.every((type) => type === 'null')) return [];
  const strange = found.filter((type) => !expected.includes(type));
  const other = strange.filter((type) => type !== 'null');
  return [
    ...(other.length > 0 ? [{ kind: 'retyped', path, expected, found: other } as const] : []),
    ...(strange.includes('null') ? [{ kind: 'nulled', path, expected, found: ['null'] } as const] : []),
  ];
}

function fieldDepartures(learned: Shape, seen: Shape, path: DriftPath): readonly Departure[] {
  const seenObjects = countOfType(seen, 'object');
  const learnedObjects = countOfType(learned, 'object');
  if (learned.values || seen.values || seenObjects === 0 || learnedObjects < LEARNED_FROM) return [];
  const known = learned.fields ?? {};
  const now = seen.fields ?? {};
  const added = Object.keys(now).filter((name) => !Object.hasOwn(known, name));
  const departures = Object.entries(known).flatMap(([name, field]): readonly Departure[] => {
    const at = [...path, name];
    const present = Object.hasOwn(now, name) ? now[name] : undefined;
    const inside = present ? findDepartures(field, present, at) : [];
    if (!hasDisappeared({ field, objects: learnedObjects }, { present, objects: seenObjects })) return inside;
    const renamedTo = added.find((other) => looksLike(field, now[other]!));
    const gone: Departure = { kind: 'disappeared', path: at, expected: typesOf(field), found: [] };
    return [renamedTo === undefined ? gone : { ...gone, renamedTo }, ...inside];
  });
  return [
    ...departures,
    ...added.map((name): Departure => ({
      kind: 'added',
      path: [...path, name],
      expected: [],
      found: typesOf(now[name]!),
    })),
  ];
}

function hasDisappeared(
  learned: { readonly field: Shape; readonly objects: number },
  seen: { readonly present: Shape | undefined; readonly objects: number },
): boolean {
  const present = seen.present ? countOf(seen.present) : 0;
  const share = countOf(learned.field) / learned.objects;
  if (share >= 1) return present < seen.objects;
  return present === 0 && (1 - share) ** seen.objects < CHANCE;
}

function looksLike(gone: Shape, added: Shape): boolean {
  const types = typesOf(added);
  if (types.length === 0 || !types.every((type) => type in gone.types)) return false;
  const names = Object.keys(gone.fields ?? {});
  return names.length === 0 || names.some((name) => Object.hasOwn(added.fields ?? {}, name));
}

function typesOf(shape: Shape): readonly JsonType[] {
  return JSON_TYPES.filter((type) => countOfType(shape, type) > 0).toSorted(
    (a, b) => countOfType(shape, b) - countOfType(shape, a),
  );
}
