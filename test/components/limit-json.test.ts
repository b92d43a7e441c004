import { describe, expect, test } from 'vitest';

import { DEFAULT_JSON_LIMITS, limitJson } from '#components/ui/limit-json.ts';
import type { Json } from '#core/json.ts';

const limits = { entries: 3, text: 5, values: 100 };

describe('limitJson', () => {
  test('leaves a small value as it is', () => {
    const value = { a: [1, 2, 3], b: null, d: { e: 'short' } };
    expect(limitJson(value, limits)).toEqual({ value, limited: false });
  });

  test('ends a long array, object and text in a note', () => {
    const value = { a: [1, 2, 3, 4, 5], b: 'longer than five', c: 1, d: 2 };
    expect(limitJson(value, limits)).toEqual({
      limited: true,
      value: {
        a: [1, 2, 3, '… 2 more'],
        b: 'longe… (11 more characters)',
        c: 1,
        '…': '1 more',
      },
    });
  });

  test('bounds the whole, however it is nested', () => {
    const wide = (depth: number): Json =>
      depth === 0 ? 1 : Array.from({ length: 50 }, () => wide(depth - 1));
    const { value, limited } = limitJson(wide(3));
    expect(limited).toBe(true);
    expect(JSON.stringify(value).length).toBeLessThan(DEFAULT_JSON_LIMITS.values * 20);
  });
});
