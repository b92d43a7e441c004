import { describe, expect, test } from 'vitest';

import { formatDuration, msBetween } from '#components/ui/format-duration.ts';

describe('formatDuration', () => {
  test.each([
    [-5, '<1 ms'],
    [0, '<1 ms'],
    [0.4, '<1 ms'],
    [1, '1 ms'],
    [999, '999 ms'],
    [999.6, '1 s'],
    [1_000, '1 s'],
    [1_240, '1.24 s'],
    [9_994, '9.99 s'],
    [12_340, '12.3 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min'],
    [185_000, '3 min 5 s'],
    [3_599_600, '1 h'],
    [7_800_000, '2 h 10 min'],
    [86_400_000, '1 d'],
    [273_600_000, '3 d 4 h'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('msBetween', () => {
  test('counts to now while there is no end', () => {
    const from = '2026-07-27T10:00:00.000Z';
    expect(msBetween(from, null, Date.parse('2026-07-27T10:00:01.500Z'))).toBe(1_500);
    expect(msBetween(from, '2026-07-27T10:00:00.250Z', 0)).toBe(250);
  });

  test('is never negative, whatever the clocks say', () => {
    expect(msBetween('2026-07-27T10:00:01.000Z', '2026-07-27T10:00:00.000Z', 0)).toBe(0);
  });
});
