import fc from 'fast-check';
import { expect, it } from 'vitest';

import { cover, type Piece } from '#core/stats/cover.ts';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const minute = fc.integer({ min: 0, max: 200 * 1_440 }).map((minutes) => minutes * MINUTE);

/** The time that is in a piece: what is kept with an hour began at midnight. */
function held({ seconds, from, to }: Piece): { from: number; to: number } {
  return { from: seconds === 3_600 ? Math.floor(from / DAY) * DAY : from, to };
}

/** How often each time is in the pieces, those that are taken away counted down: by when it changes. */
function changes(pieces: readonly { from: number; to: number; sign: number }[]): [number, number][] {
  const at = new Map<number, number>();
  for (const { from, to, sign } of pieces) {
    at.set(from, (at.get(from) ?? 0) + sign);
    at.set(to, (at.get(to) ?? 0) - sign);
  }
  return [...at].filter(([, change]) => change !== 0).sort(([a], [b]) => a - b);
}

it('makes up any time exactly, of whole stretches, long ones only where they are settled', () => {
  fc.assert(
    fc.property(minute, minute, minute, (a, b, settled) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const pieces = cover(from, to, settled);
      for (const piece of pieces) {
        const length = piece.seconds * 1_000;
        expect(piece.from % length).toBe(0);
        expect(piece.to % length).toBe(0);
        expect(piece.to).toBeGreaterThan(piece.from);
        if (piece.seconds > 60) expect(piece.to).toBeLessThanOrEqual(settled);
      }
      const found = changes(pieces.map((piece) => ({ ...held(piece), sign: piece.sign })));
      expect(found).toEqual(changes([{ from, to, sign: 1 }]));
    }),
    { numRuns: 1_000 },
  );
});

it('needs few stretches for a long time, and ends a day with those that the next one begins with', () => {
  const from = 100 * DAY + 18.5 * 60 * MINUTE;
  const days = [0, 1].map((day) => cover(from + day * DAY, from + (day + 1) * DAY, 200 * DAY));
  expect(days[0]!.map(({ seconds, sign }) => sign * seconds)).toEqual([-900, -3_600, 86_400, 3_600, 900]);
  const ends = days[0]!.slice(3).map(({ seconds, to }) => [seconds, to]);
  expect(ends).toEqual([
    [3_600, from + DAY - 30 * MINUTE],
    [900, from + DAY],
  ]);
  expect(days[1]!.slice(0, 2).map(({ seconds, to }) => [seconds, to])).toEqual(ends.toReversed());
  expect(cover(from, from + 90 * DAY, 200 * DAY)).toHaveLength(5);
});
