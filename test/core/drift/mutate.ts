import type { Json } from '#core/json.ts';
import { isJsonObject } from '#core/json.ts';

import { type Dice, type FieldPlace, type Nature, fieldPlaces, keyOf } from './payload-corpus.ts';

export const MUTATIONS = ['removed', 'renamed', 'retyped', 'nulled', 'nested', 'added'] as const;

/** A payload that was changed, and what a detector has to say: `disappeared customer/email`. */
export interface Mutated {
  readonly payload: Json;
  readonly expected: ReadonlySet<string>;
  /** The path that expressions can no longer read as before; null for an added field. */
  readonly changed: readonly string[] | null;
}

/** Changes a payload in one of six ways, at a field that is always there; undefined where it has none to change so. */
export function mutate(
  original: Json,
  kind: (typeof MUTATIONS)[number],
  { nature, roll }: { readonly nature: Nature; readonly roll: Dice },
): Mutated | undefined {
  const payload = structuredClone(original);
  const firm = fieldPlaces(payload).filter(({ path }) => isFirm(path, nature));
  const candidates = firm.filter((place) => kind !== 'retyped' || !nature.nullable.has(keyOf(place.path)));
  const fit =
    kind === 'nulled' ? candidates.filter(({ path }) => !nature.nullable.has(keyOf(path))) : candidates;
  const place = fit.filter(({ holder, name }) => holder[name] !== null)[Math.floor(roll() * fit.length)];
  return place && { payload, ...apply(place, kind) };
}

/** Neither the field nor one above it is optional. */
function isFirm(path: readonly string[], nature: Nature): boolean {
  return path.every((_, at) => !nature.optional.has(keyOf(path.slice(0, at + 1))));
}

function apply(
  { holder, name, path }: FieldPlace,
  kind: (typeof MUTATIONS)[number],
): Pick<Mutated, 'expected' | 'changed'> {
  const value = holder[name]!;
  const beside = (other: string) => keyOf([...path.slice(0, -1), other]);
  const said = (...expected: string[]) => ({ expected: new Set(expected), changed: path });
  switch (kind) {
    case 'removed':
      delete holder[name];
      return said(`disappeared ${keyOf(path)}`);
    case 'renamed':
      delete holder[name];
      holder[`${name}_v2`] = value;
      return said(`disappeared ${keyOf(path)}`, `added ${beside(`${name}_v2`)}`);
    case 'retyped':
      holder[name] = otherType(value);
      return said(`retyped ${keyOf(path)}`);
    case 'nulled':
      holder[name] = null;
      return said(`nulled ${keyOf(path)}`);
    case 'nested':
      delete holder[name];
      holder['attributes_v2'] = { [name]: value };
      return said(`disappeared ${keyOf(path)}`, `added ${beside('attributes_v2')}`);
    case 'added':
      holder['brandNew'] = { id: 7, tags: ['x'] };
      return { expected: new Set([`added ${beside('brandNew')}`]), changed: null };
  }
}

function otherType(value: Json): Json {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.length % 2 === 0 ? { value } : 12;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return isJsonObject(value[0]) ? value[0] : 'a, b';
  return [value];
}
