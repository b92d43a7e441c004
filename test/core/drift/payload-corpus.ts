import type { Json } from '#core/json.ts';
import { isJsonObject } from '#core/json.ts';

/** A number from 0 to under 1, the same row of them for the same seed. */
export type Dice = () => number;

export function dice(seed: number): Dice {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How the values at each place (`customer.email`, `lines[].sku`) vary without anything being wrong. */
export interface Nature {
  readonly optional: ReadonlySet<string>;
  readonly nullable: ReadonlySet<string>;
}

/** Where a field is in a payload. */
export interface FieldPlace {
  readonly path: readonly string[];
  readonly holder: Record<string, Json>;
  readonly name: string;
}

export const keyOf = (path: readonly string[]): string => path.join('/');

/** Every field of a payload, those of the items of lists included (once for each item). */
export function fieldPlaces(value: Json, path: readonly string[] = []): readonly FieldPlace[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => fieldPlaces(item, [...path, '[]']));
  if (!isJsonObject(value)) return [];
  const holder = value as Record<string, Json>;
  return Object.entries(holder).flatMap(([name, below]) => [
    { path: [...path, name], holder, name },
    ...fieldPlaces(below, [...path, name]),
  ]);
}

/** Which fields of an app's payloads come and go, and which are null at times: about a quarter, and a tenth. */
export function natureOf(base: Json, roll: Dice): Nature {
  const places = [...new Set(fieldPlaces(base).map(({ path }) => keyOf(path)))];
  return {
    optional: new Set(places.filter(() => roll() < 0.25)),
    nullable: new Set(places.filter(() => roll() < 0.1)),
  };
}

/** Another payload of the same app: other texts and numbers, lists of other lengths, optional fields absent at times. */
export function vary(value: Json, nature: Nature, roll: Dice, path: readonly string[] = []): Json {
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    const length = items.length === 0 ? 0 : Math.floor(roll() * 5);
    return Array.from({ length }, (_, at) => vary(items[at % items.length]!, nature, roll, [...path, '[]']));
  }
  if (isJsonObject(value)) {
    const kept = Object.entries(value).filter(
      ([name]) => !nature.optional.has(keyOf([...path, name])) || roll() < 0.6,
    );
    return Object.fromEntries(
      kept.map(([name, field]) => {
        const at = [...path, name];
        const isNull = nature.nullable.has(keyOf(at)) && roll() < 0.3;
        return [name, isNull ? null : vary(field, nature, roll, at)];
      }),
    );
  }
  if (typeof value === 'number') return roll() < 0.5 ? Math.floor(roll() * 1e6) : roll() * 1e3;
  if (typeof value === 'boolean') return roll() < 0.5;
  if (typeof value === 'string') return roll() < 0.1 ? '' : `${value.slice(0, 4)}${Math.floor(roll() * 1e9)}`;
  return value;
}
