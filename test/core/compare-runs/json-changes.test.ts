import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { canonicalText } from '#core/canonical-text.ts';
import { jsonChanges } from '#core/compare-runs/json-changes.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

import { applyChanges } from './apply-changes.ts';

describe('what changed between two values', () => {
  test.each<[string, Json, Json, unknown[]]>([
    ['nothing', { a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }, []],
    ['a field', { a: 1, b: 2 }, { a: 1, b: 3 }, [['changed', '/b', '/b']]],
    ['a kind', { a: '1' }, { a: 1 }, [['changed', '/a', '/a']]],
    ['null is a value', { a: null }, {}, [['removed', '/a', null]]],
    [
      'new and gone',
      { a: 1 },
      { b: 1 },
      [
        ['added', null, '/b'],
        ['removed', '/a', null],
      ],
    ],
    ['odd names', { 'a/b': { '~': 1 } }, { 'a/b': { '~': 2 } }, [['changed', '/a~1b/~0', '/a~1b/~0']]],
    ['the whole', 1, [1], [['changed', '', '']]],
    ['an item put in front', [1, 2, 3], [0, 1, 2, 3], [['added', null, '/0']]],
    ['an item that is another', [1, 2, 3], [1, 5, 3], [['changed', '/1', '/1']]],
    ['an item taken out', ['a', 'b', 'c'], ['a', 'c'], [['removed', '/1', null]]],
    [
      'a named item, wherever it stands',
      [
        { id: 1, n: 1 },
        { id: 2, n: 1 },
        { id: 3, n: 1 },
      ],
      [
        { id: 4, n: 1 },
        { id: 1, n: 1 },
        { id: 3, n: 2 },
      ],
      [
        ['added', null, '/0'],
        ['changed', '/2/n', '/2/n'],
        ['removed', '/1', null],
      ],
    ],
    [
      'a named item that moved',
      [{ sku: 'a' }, { sku: 'b' }, { sku: 'c' }],
      [{ sku: 'c' }, { sku: 'a' }, { sku: 'b' }],
      [['moved', '/2', '/0']],
    ],
    [
      'items without names, by what they hold',
      [{ n: 1 }, { n: 2 }],
      [{ n: 0 }, { n: 1 }, { n: 2 }],
      [['added', null, '/0']],
    ],
  ])('%s', (_, before, after, expected) => {
    const found = jsonChanges(before, after);
    expect(found.map(({ kind, from, to }) => [kind, from, to])).toEqual(expected);
    expect(canonicalText(applyChanges(before, found))).toBe(canonicalText(after));
  });

  test('long lists without names are paired by place, and nothing is lost', () => {
    const list = Array.from({ length: 2_000 }, (_, index) => index % 7);
    const other = [9, ...list.toReversed()];
    expect(applyChanges(list, jsonChanges(list, other))).toEqual(other);
  });
});

const KEYS = ['id', 'name', 'a', 'b', 'x/y', '~', '0', ''];
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom<Json>(null, true, false, '', 'x', 'y'), fc.integer({ min: -3, max: 3 })),
    fc.array(tie('json'), { maxLength: 6 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('json'), { maxKeys: 5 }) as fc.Arbitrary<JsonObject>,
    fc.uniqueArray(fc.record({ id: fc.integer({ min: 0, max: 9 }), n: tie('json') }), {
      selector: ({ id }) => id,
      maxLength: 6,
    }) as unknown as fc.Arbitrary<Json>,
  ),
}));

describe('for all values', () => {
  test('a value is no other than itself, in whatever order its keys stand', () => {
    fc.assert(
      fc.property(json, (value) => jsonChanges(value, reordered(value)).length === 0),
      { numRuns: 500 },
    );
  });

  test('the changes make the later value of the earlier one', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const made = applyChanges(before, jsonChanges(before, after));
        expect(canonicalText(made)).toBe(canonicalText(after));
      }),
      { numRuns: 1_000 },
    );
  });

  test('one scalar written anew is found, at its place alone', () => {
    fc.assert(
      fc.property(json, fc.nat(), (value, seed) => {
        const places = scalarPlaces(value, '');
        const place = places[seed % Math.max(places.length, 1)];
        fc.pre(place !== undefined);
        const found = jsonChanges(value, mutate(value, place, ''));
        // One of a name or of a list's item may take more than one change to tell, never none, and none elsewhere.
        expect(found.length).toBeGreaterThan(0);
        for (const { from, to } of found) expect(isNear(place, from ?? to ?? '')).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

function reordered(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(reordered);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, part]) => [key, reordered(part)] as const)
      .reverse(),
  );
}

function entriesOf(value: Json): readonly (readonly [string, Json])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value as JsonObject) : [];
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

function scalarPlaces(value: Json, at: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [at];
  return entriesOf(value).flatMap(([key, part]) => scalarPlaces(part, `${at}/${escaped(key)}`));
}

/** Puts a text that no value has at a place. */
function mutate(value: Json, place: string, at: string): Json {
  if (at === place) return 'another';
  const parts = entriesOf(value).map(
    ([key, part]) => [key, mutate(part, place, `${at}/${escaped(key)}`)] as const,
  );
  if (Array.isArray(value)) return parts.map(([, part]) => part);
  return isJsonObject(value) ? Object.fromEntries(parts) : value;
}

/** At the place, above it, or in the list that holds it. */
function isNear(place: string, found: string): boolean {
  const list = place.split('/').findIndex((part, index) => index > 0 && /^\d+$/.test(part));
  const root = list === -1 ? place : place.split('/').slice(0, list).join('/');
  return place.startsWith(found) || found.startsWith(root);
}
