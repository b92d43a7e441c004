import { describe, expect, it } from 'vitest';

import type { JsonObject } from '#core/json.ts';
import { schemaCheck } from '#server/ingress/schema-check.ts';

describe('schemaCheck', () => {
  it.each<[string, JsonObject, unknown, string | null]>([
    ['a match', { type: 'object', required: ['id'] }, { id: 1 }, null],
    ['a missing property', { type: 'object', required: ['id'] }, {}, ''],
    ['a property too many', { additionalProperties: false, properties: {} }, { 'a/b': 1 }, '/a~1b'],
    ['a wrong type far down', { properties: { a: { items: { type: 'string' } } } }, { a: ['x', 1] }, '/a/1'],
    ['a format', { properties: { at: { format: 'date-time' } } }, { at: 'yesterday' }, '/at'],
    ['a pattern', { properties: { id: { pattern: '^[A-Z]{2}\\d+$' } } }, { id: 'AB12' }, null],
    ['a broken pattern match', { properties: { id: { pattern: '^[A-Z]{2}\\d+$' } } }, { id: 'ab' }, '/id'],
    [
      '2020-12 by name',
      { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'number' }] },
      ['x'],
      '/0',
    ],
    [
      'draft 7 by name',
      { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'number' }] },
      ['x'],
      '/0',
    ],
    ['draft 7 by its form', { items: [{ type: 'number' }], additionalItems: false }, [1, 2], ''],
    [
      'references within',
      { $defs: { n: { type: 'number' } }, properties: { a: { $ref: '#/$defs/n' } } },
      { a: 'x' },
      '/a',
    ],
    ['text where an object is asked for', { type: 'object' }, 'not parsed', ''],
  ])('%s', (_, schema, body, pointer) => {
    const mismatches = schemaCheck(schema)(body as JsonObject);
    expect(mismatches.map((each) => each.pointer)).toEqual(pointer === null ? [] : [pointer]);
  });

  it('matches nothing when the schema itself is wrong, and says so', () => {
    const broken: JsonObject[] = [
      { type: 'nonsense' },
      { $ref: 'https://elsewhere.example/schema.json' },
      { pattern: '(' },
    ];
    for (const schema of broken)
      expect(schemaCheck(schema)({})).toEqual([
        { pointer: '', message: expect.stringMatching(/^the schema itself is wrong: /) },
      ]);
  });

  it('answers in linear time whatever the pattern', () => {
    const check = schemaCheck({ properties: { a: { pattern: '^(a+)+$' } } });
    const startedAt = performance.now();
    expect(check({ a: `${'a'.repeat(5_000)}!` })).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it('reports one fault of many', () => {
    const check = schemaCheck({ items: { type: 'number' } });
    expect(check(Array.from({ length: 1_000 }, () => 'x'))).toHaveLength(1);
  });
});
