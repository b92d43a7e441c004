import fc from 'fast-check';
import { expect, it } from 'vitest';

import { cover } from '#core/stats/cover.ts';

const MINUTE = 60_000;
const minute = fc.integer({ min: 0, max: 200 * 1_440 }).map((minutes) => minutes * MINUTE);

it('makes up any time exactly, of whole stretches, long ones only where they are settled', () => {
  fc.assert(
    fc.property(minute, minute, minute, (a, b, settled) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      let at = from;
      for (const piece of cover(from, to, settled)) {
        const length = piece.seconds * 1_000;
        expect(piece.from).toBe(at);
        expect(piece.from % length).toBe(0);
        expect(piece.to % length).toBe(0);
        expect(piece.to).toBeGreaterThan(piece.from);
        if (piece.seconds > 60) expect(piece.to).toBeLessThanOrEqual(settled);
        at = piece.to;
      }
      expect(at).toBe(to);
    }),
  );
});

it('needs few pieces for a long time', () => {
  const day = 1_440 * MINUTE;
  expect(
    cover(100 * day + 17 * MINUTE, 190 * day - 13 * MINUTE, 200 * day).map(({ seconds }) => seconds),
  ).toEqual([60, 900, 3_600, 86_400, 3_600, 900, 60]);
});
