import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { canonicalText } from '#core/canonical-text.ts';

it('is the same for equal values alone', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, (one, other) => {
      const left: unknown = JSON.parse(JSON.stringify(one));
      const right: unknown = JSON.parse(JSON.stringify(other));
      expect(canonicalText(left) === canonicalText(right)).toBe(isDeepStrictEqual(left, right));
    }),
  );
});

it('does not look at the order of fields, at any depth', () => {
  expect(canonicalText({ a: [{ b: 1, c: 2 }], d: 3 })).toBe(canonicalText({ d: 3, a: [{ c: 2, b: 1 }] }));
  expect(canonicalText([1, 2])).not.toBe(canonicalText([2, 1]));
});

it('keeps fields that JavaScript would take for something else', () => {
  expect(canonicalText(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
});
