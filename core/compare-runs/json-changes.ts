import { jsonPointer } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { matchItems } from './match-items.ts';

/** One place at which two JSON values differ. Pointers are RFC 6901; `from` leads into the earlier value, `to` into the later. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  /** Null for what was added. */
  readonly from: string | null;
  /** Null for what was removed. */
  readonly to: string | null;
  /** Absent for what was added or only moved. */
  readonly before?: Json;
  /** Absent for what was removed or only moved. */
  readonly after?: Json;
}

/**
 * What changed between two values, in the order of the later one: only the fields that differ, none for equal values. The
 * order of an object's keys does not count. Items of a list are matched by what names them (an id, say), else by what they
 * hold, so that one inserted item is one change; one that is named and stands elsewhere is moved. Nothing is left out: the
 * changes and the earlier value give the later one.
 */
export function jsonChanges(before: Json, after: Json): readonly Change[] {
  const changes: Change[] = [];
  compare({ value: before, path: [] }, { value: after, path: [] }, changes);
  return changes;
}

type Path = readonly (string | number)[];

interface Place {
  readonly value: Json;
  readonly path: Path;
}

function compare(before: Place, after: Place, changes: Change[]): void {
  const [one, other] = [before.value, after.value];
  if (Object.is(one, other)) return;
  if (Array.isArray(one) && Array.isArray(other)) {
    compareLists(one as readonly Json[], other as readonly Json[], { before, after, changes });
  } else if (isJsonObject(one) && isJsonObject(other)) {
    compareObjects(one, other, { before, after, changes });
  } else if (one !== other) {
    changes.push({ kind: 'changed', from: at(before), to: at(after), before: one, after: other });
  }
}

interface Scene {
  readonly before: Place;
  readonly after: Place;
  readonly changes: Change[];
}

function compareObjects(one: JsonObject, other: JsonObject, { before, after, changes }: Scene): void {
  for (const key of Object.keys(other)) {
    const to = inside(after, key, other[key]!);
    if (Object.hasOwn(one, key)) compare(inside(before, key, one[key]!), to, changes);
    else changes.push({ kind: 'added', from: null, to: at(to), after: to.value });
  }
  for (const key of Object.keys(one)) {
    if (!Object.hasOwn(other, key)) changes.push(removed(inside(before, key, one[key]!)));
  }
}

function compareLists(one: readonly Json[], other: readonly Json[], { before, after, changes }: Scene): void {
  const pairs = new Map(matchItems(one, other).map((pair) => [pair.to, pair]));
  const kept = new Set([...pairs.values()].map(({ from }) => from));
  other.forEach((value, index) => {
    const to = inside(after, index, value);
    const pair = pairs.get(index);
    if (pair === undefined) {
      changes.push({ kind: 'added', from: null, to: at(to), after: value });
      return;
    }
    const from = inside(before, pair.from, one[pair.from]!);
    if (pair.isMoved) changes.push({ kind: 'moved', from: at(from), to: at(to) });
    compare(from, to, changes);
  });
  one.forEach((value, index) => {
    if (!kept.has(index)) changes.push(removed(inside(before, index, value)));
  });
}

function removed(place: Place): Change {
  return { kind: 'removed', from: at(place), to: null, before: place.value };
}

function inside({ path }: Place, key: string | number, value: Json): Place {
  return { value, path: [...path, key] };
}

function at({ path }: Place): string {
  return jsonPointer(path);
}
