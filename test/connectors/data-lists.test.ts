import { describe, expect, it } from 'vitest';

import { catalog } from '#connectors/definitions.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { failureOf, outputOf } from './run-action.ts';

describe('data.sort', () => {
  const by = (...keys: readonly JsonObject[]) => ({ keys });

  it.each<[string, readonly Json[], JsonObject, readonly Json[]]>([
    ['numbers', [10, 9, 1], by({ field: '' }), [1, 9, 10]],
    ['downwards', [1, 3, 2], by({ field: '', order: 'descending' }), [3, 2, 1]],
    ['texts as a dictionary does', ['b', 'Ä', 'a', 'B', 'z'], by({ field: '' }), ['a', 'Ä', 'b', 'B', 'z']],
    ['numbers before texts', ['a', 2, true, null, 1], by({ field: '' }), [true, 1, 2, 'a', null]],
    [
      'what is missing last, downwards too',
      [null, 1, 2],
      by({ field: '', order: 'descending' }),
      [2, 1, null],
    ],
    ['texts that are numbers', ['10', '9', ''], by({ field: '', as: 'number' }), ['9', '10', '']],
    [
      'dates, whatever their offset',
      ['2026-01-15T10:00:00+02:00', '2026-01-15T09:00:00Z', '2026-01-15'],
      by({ field: '', as: 'date' }),
      ['2026-01-15', '2026-01-15T10:00:00+02:00', '2026-01-15T09:00:00Z'],
    ],
    [
      'by several fields, and keeps the order of equals',
      [
        { a: { x: 2 }, b: 1 },
        { a: { x: 1 }, b: 1, n: 1 },
        { a: { x: 1 }, b: 1, n: 2 },
        { a: { x: 1 }, b: 2 },
      ],
      by({ field: 'b', order: 'descending' }, { field: 'a.x' }),
      [
        { a: { x: 1 }, b: 2 },
        { a: { x: 1 }, b: 1, n: 1 },
        { a: { x: 1 }, b: 1, n: 2 },
        { a: { x: 2 }, b: 1 },
      ],
    ],
    [
      'fields with spaces in their name',
      [{ 'First name': 'b' }, { 'First name': 'a' }],
      by({ field: 'First name' }),
      [{ 'First name': 'a' }, { 'First name': 'b' }],
    ],
    ['nothing', [], by({ field: 'a' }), []],
  ])('sorts %s', async (_, items, settings, sorted) => {
    expect(await outputOf('data.sort', { items, ...settings })).toEqual(sorted);
  });

  it('names the item that cannot be compared', async () => {
    const items = [{ p: 1 }, { p: 'n/a' }];
    expect(await failureOf('data.sort', { items, keys: [{ field: 'p', as: 'number' }] })).toMatchObject({
      code: 'sort_bad_value',
      message: 'Item 2: "p" is "n/a", not a number.',
      pointer: '/config/items',
      detail: { item: 1 },
    });
  });
});

describe('data.dedupe', () => {
  const items: readonly Json[] = [
    { id: 1, mail: 'a', n: 1 },
    { id: 2, mail: 'b' },
    { id: 3, mail: 'a', n: 2 },
  ];

  it.each<[string, JsonObject, readonly number[]]>([
    ['the first', { fields: ['mail'] }, [1, 2]],
    ['the last', { fields: ['mail'], keep: 'last' }, [2, 3]],
    ['all that differ in one of several fields', { fields: ['mail', 'n'] }, [1, 2, 3]],
  ])('keeps %s', async (_, settings, ids) => {
    const kept = (await outputOf('data.dedupe', { items, ...settings })) as readonly { id: number }[];
    expect(kept.map(({ id }) => id)).toEqual(ids);
  });

  it('compares whole items whatever the order of their fields, and types', async () => {
    const given = [{ a: 1, b: [2] }, { b: [2], a: 1 }, 1, '1', null, null];
    expect(await outputOf('data.dedupe', { items: given })).toEqual([{ a: 1, b: [2] }, 1, '1', null]);
  });
});

describe('data.batches and data.limit', () => {
  const items = [1, 2, 3, 4, 5];

  it('cuts into batches', async () => {
    expect(await outputOf('data.batches', { items, size: 2 })).toEqual([[1, 2], [3, 4], [5]]);
    expect(await outputOf('data.batches', { items: [], size: 2 })).toEqual([]);
    expect(await outputOf('data.batches', { items, size: 99 })).toEqual([items]);
  });

  it.each<[JsonObject, readonly number[]]>([
    [{ count: 2 }, [1, 2]],
    [{ count: 2, skip: 2 }, [3, 4]],
    [{ count: 2, from: 'end' }, [4, 5]],
    [{ count: 2, skip: 4, from: 'end' }, [1]],
    [{ count: 2, skip: 9, from: 'end' }, []],
    [{ count: 0 }, []],
    [{ count: 99 }, items],
  ])('keeps what %j says', async (settings, kept) => {
    expect(await outputOf('data.limit', { items, ...settings })).toEqual(kept);
  });
});

describe('data.aggregate', () => {
  const items: readonly Json[] = [
    { country: 'CH', total: '0.1', customer: { id: 1 }, at: '2026-01-03' },
    { country: 'DE', total: 5, customer: { id: 2 }, at: '2026-01-01' },
    { country: 'CH', total: 0.2, customer: { id: 1 }, at: '2026-01-02' },
    { country: 'CH', total: null, customer: { id: 3 } },
  ];
  const m = (measure: string, field = '', name = measure) => ({ name, measure, field });

  it('measures the whole list', async () => {
    const measures = [
      m('count'),
      m('count_distinct', 'customer.id'),
      m('sum', 'total'),
      m('average', 'total'),
      m('min', 'at'),
      m('max', 'total'),
      m('first', 'country'),
      m('last', 'at'),
      m('list', 'customer.id'),
      m('list_distinct', 'country'),
    ];
    expect(await outputOf('data.aggregate', { items, measures })).toEqual({
      count: 4,
      count_distinct: 3,
      sum: 5.3,
      average: 5.3 / 3,
      min: '2026-01-01',
      max: 5,
      first: 'CH',
      last: null,
      list: [1, 2, 1, 3],
      list_distinct: ['CH', 'DE'],
    });
  });

  it('measures groups, in the order in which they come up', async () => {
    const measures = [m('count', '', 'orders'), m('sum', 'total', 'revenue')];
    expect(await outputOf('data.aggregate', { items, groupBy: ['country'], measures })).toEqual([
      { country: 'CH', orders: 3, revenue: 0.3 },
      { country: 'DE', orders: 1, revenue: 5 },
    ]);
    expect(
      await outputOf('data.aggregate', {
        items,
        groupBy: ['country', 'customer.id'],
        measures: [m('count')],
      }),
    ).toEqual([
      { country: 'CH', id: 1, count: 2 },
      { country: 'DE', id: 2, count: 1 },
      { country: 'CH', id: 3, count: 1 },
    ]);
  });

  it('adds up without the errors of binary fractions', async () => {
    const tenths = Array.from({ length: 10 }, () => 0.1);
    const measures = [m('sum')];
    expect(await outputOf('data.aggregate', { items: tenths, measures })).toEqual({ sum: 1 });
    expect(await outputOf('data.aggregate', { items: [1e16, 1, -1e16], measures })).toEqual({ sum: 1 });
  });

  it('gives nothing for an empty list but counts, sums and lists', async () => {
    const measures = ['count', 'sum', 'average', 'min', 'first', 'list'].map((name) => m(name));
    expect(await outputOf('data.aggregate', { items: [], measures })).toEqual({
      count: 0,
      sum: 0,
      average: null,
      min: null,
      first: null,
      list: [],
    });
    expect(await outputOf('data.aggregate', { items: [], groupBy: ['a'], measures })).toEqual([]);
  });

  it.each<[JsonObject, string]>([
    [m('sum', 'country'), 'Item 1: "country" is "CH", not a number, so "sum" cannot be worked out.'],
    [m('max', 'customer'), 'Item 1: "customer" is {"id":1}, not a text like others of the list'],
  ])('names the item that cannot be measured', async (measure, message) => {
    const error = await failureOf('data.aggregate', { items, measures: [measure] });
    expect(error.code).toBe('aggregate_bad_value');
    expect(error.message).toContain(message);
  });

  it.each<[JsonObject, string]>([
    [{ measures: [m('sum', 'a'), m('sum', 'b')] }, '/measures/1/name'],
    [{ groupBy: ['a.sum'], measures: [m('sum', 'b')] }, '/measures'],
    [{ groupBy: ['a.id', 'b.id'], measures: [m('sum', 'b')] }, '/groupBy/1'],
  ])('is not published when the result would have a field twice', (settings, pointer) => {
    const faults = catalog('data.aggregate', 1)!.checkConfig({ items: { $expr: 'steps.a' }, ...settings });
    expect(faults).toEqual([expect.objectContaining({ level: 'blocks_publish', pointer })]);
  });

  it('leaves the prototypes of JavaScript alone', async () => {
    const result = await outputOf('data.aggregate', {
      items: [{ k: '__proto__' }],
      groupBy: ['k'],
      measures: [m('count', '', '__proto__')],
    });
    expect(JSON.stringify(result)).toBe('[{"k":"__proto__","__proto__":1}]');
  });
});

it('takes hundred thousand items in good time', { timeout: 120_000 }, async () => {
  const items = Array.from({ length: 100_000 }, (_, id) => ({
    id: (id * 7_919) % 100_000,
    k: `k${id % 1_000}`,
  }));
  const startedAt = performance.now();
  const sorted = (await outputOf('data.sort', {
    items,
    keys: [{ field: 'k' }, { field: 'id' }],
  })) as readonly Json[];
  expect(sorted[0]).toEqual({ id: 0, k: 'k0' });
  expect(await outputOf('data.dedupe', { items, fields: ['k'] })).toHaveLength(1_000);
  const measures = [{ name: 'n', measure: 'count' }];
  expect(await outputOf('data.aggregate', { items, groupBy: ['k'], measures })).toHaveLength(1_000);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});
