import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { toBusinessKey } from '#core/business-key.ts';
import { fieldQuery } from '#core/run-search/field-query.ts';
import { parseField } from '#core/run-search/parse-field.ts';
import { parseRunSearch } from '#core/run-search/parse-run-search.ts';

describe('a field', () => {
  test.each<[string, object | undefined]>([
    [
      'number:4711',
      { root: 'body', path: ['number'], isAnywhere: true, value: '4711', isText: false, isRooted: false },
    ],
    [
      'body.customer.id = 42',
      { root: 'body', path: ['customer', 'id'], isAnywhere: false, value: '42', isRooted: true },
    ],
    ['trigger.body.a=b', { root: 'body', path: ['a'], isRooted: true, value: 'b' }],
    ['customer.id=42', { root: 'body', path: ['customer', 'id'], isAnywhere: false, isRooted: false }],
    ['headers.X-Shop = acme', { root: 'headers', path: ['x-shop'], value: 'acme' }],
    ['query.page:2', { root: 'query', path: ['page'], value: '2' }],
    ['lines[0].sku = "A 1"', { path: ['lines', 0, 'sku'], value: 'A 1', isText: true }],
    ['größe:ä', { path: ['größe'], value: 'ä' }],
    ['body = 1', { path: ['body'], isAnywhere: true }],
    ['https://example.com', undefined],
    ['Error: connect refused', undefined],
    ['10:30', undefined],
    ['a', undefined],
    ['a..b = 1', undefined],
    ['a =', undefined],
    ['', undefined],
  ])('%s', (written, expected) => {
    if (expected === undefined) expect(parseField(written)).toBeUndefined();
    else expect(parseField(written)).toMatchObject(expected);
  });

  test('is asked for as a text, and as what it reads like unless it stands in quotes', () => {
    const asked = (written: string) => fieldQuery(parseField(written)!);
    expect(asked('body.a.b[0] = 7.5')).toEqual({
      root: 'body',
      path: '$."a"."b"[0] ? (@ == $t || @ == $n)',
      vars: { t: '7.5', n: 7.5 },
      needle: '7',
    });
    expect(asked('a:"7"')).toMatchObject({ path: '$.**."a" ? (@ == $t)', vars: { t: '7', n: null } });
    expect(asked('a:true').vars).toEqual({ t: 'true', n: true });
    expect(asked('a:null').path).toContain('$n');
    expect(asked('a:007').vars.n).toBeNull();
    // Whatever JSON may write as an escape is no needle.
    expect(asked('a = Zoë/Müller-99').needle).toBe('ller');
    expect(asked('a = ä/ö').needle).toBeNull();
    expect(asked('headers.a = xyz').needle).toBeNull();
  });
});

describe('a search', () => {
  test.each<[string, (string | null)[][]]>([
    ['4711', [[null, '4711']]],
    [
      'order 4711',
      [
        [null, 'order 4711'],
        ['order', '4711'],
      ],
    ],
    [
      'order:4711',
      [
        [null, 'order:4711'],
        ['order', '4711'],
      ],
    ],
    [
      'order #4711',
      [
        [null, 'order #4711'],
        ['order', '4711'],
      ],
    ],
    [
      'sales order A 1',
      [
        [null, 'sales order A 1'],
        ['sales', 'order A 1'],
        ['sales order', 'A 1'],
        ['sales order A', '1'],
      ],
    ],
  ])('%s may be a key', (written, keys) => {
    expect(parseRunSearch(written).keys.map(({ name, value }) => [name, value])).toEqual(keys);
  });

  test('is of fields only where all of it is', () => {
    expect(parseRunSearch('country:CH and body.total = 5').fields).toHaveLength(2);
    expect(parseRunSearch('country:CH and so on').fields).toEqual([]);
    expect(parseRunSearch('sha256:1f0c')).toMatchObject({ fields: [{ path: ['sha256'] }], isAlsoText: true });
    expect(parseRunSearch('body.a = 1').isAlsoText).toBe(false);
  });

  test('takes whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (written) => {
        const { keys, fields } = parseRunSearch(written);
        expect(keys.length).toBeGreaterThan(0);
        for (const field of fields) expect(fieldQuery(field).path).toMatch(/^\$/);
      }),
    );
  });
});

test('a business key is a short text, a number or a truth value; all else says why it is none', () => {
  expect(toBusinessKey('order', 4711)).toEqual({ name: 'order', value: '4711', fault: null });
  expect(toBusinessKey('order', ' A 1 ').value).toBe('A 1');
  expect(toBusinessKey('done', false).value).toBe('false');
  for (const value of [null, undefined, '', '  ', [1], { a: 1 }, 'x'.repeat(201), 'a\u0000b', '\ud800'])
    expect(toBusinessKey('order', value)).toMatchObject({
      value: null,
      fault: expect.stringMatching(/^It gave /) as string,
    });
});
