import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bookCalls, EMPTY_LINE, spacingMs, type BudgetLine, type RateBudget } from '#core/rate-budget.ts';

const NOW = 1_000_000;
const five: RateBudget = { calls: 5, seconds: 1 };

describe('a rate budget', () => {
  test('lets the first call out and gives the others slots that lie evenly, in their order', () => {
    const { answers } = bookCalls(five, EMPTY_LINE, { slots: [null, null, null, null], now: NOW });
    expect(answers).toEqual([null, NOW + 220, NOW + 440, NOW + 660]);
  });

  test('saves no slots up', () => {
    const { line } = bookCalls(five, EMPTY_LINE, { slots: [null], now: NOW });
    const later = bookCalls(five, line, { slots: [null, null], now: NOW + 60_000 });
    expect(later.answers).toEqual([null, NOW + 60_220]);
  });

  test('who waited goes at its slot, before who comes now', () => {
    const { line } = bookCalls(five, EMPTY_LINE, { slots: [null, null], now: NOW });
    const now = NOW + 221;
    const { answers } = bookCalls(five, line, { slots: [null, NOW + 220], now });
    expect(answers).toEqual([NOW + 440, null]);
  });

  test('who asks before its slot keeps it', () => {
    const { line } = bookCalls(five, EMPTY_LINE, { slots: [null, null], now: NOW });
    const early = bookCalls(five, line, { slots: [NOW + 220], now: NOW + 50 });
    expect(early).toEqual({ line, answers: [NOW + 220] });
  });

  test('those that are late together go one after the other', () => {
    const { line, answers } = bookCalls(five, EMPTY_LINE, { slots: [null, null, null, null], now: NOW });
    const now = NOW + 5_000;
    const late = bookCalls(five, line, { slots: answers.slice(1), now });
    expect(late.answers).toEqual([null, now + 220, now + 440]);
  });
});

/** Callers that ask, are late for their slots, and ask again, until all were let out. */
function departures(budget: RateBudget, comers: readonly { at: number; late: number }[]): number[] {
  let line: BudgetLine = EMPTY_LINE;
  let waiting: { at: number; slot: number | null; late: number }[] = comers.map(({ at, late }) => ({
    at: NOW + at,
    slot: null,
    late,
  }));
  const left: number[] = [];
  for (let turns = 0; waiting.length > 0; turns++) {
    if (turns > 10_000) throw new Error('Somebody is never let out.');
    waiting.sort((a, b) => a.at - b.at);
    const [next, ...others] = waiting;
    const booked = bookCalls(budget, line, { slots: [next!.slot], now: next!.at });
    line = booked.line;
    const [slot] = booked.answers;
    if (slot === null) left.push(next!.at);
    else others.push({ at: slot! + next!.late, slot: slot!, late: next!.late });
    waiting = others;
  }
  return left.sort((a, b) => a - b);
}

const budgets = fc.record({
  calls: fc.integer({ min: 1, max: 20 }),
  seconds: fc.integer({ min: 1, max: 60 }),
});
const comers = (most: number) =>
  fc.array(fc.record({ at: fc.nat(most), late: fc.oneof(fc.nat(20), fc.nat(2_000)) }), {
    minLength: 1,
    maxLength: 60,
  });

describe('whoever comes when, and is late for whatever slot', () => {
  test('no span of the budget’s seconds has more calls in it than it allows, and everybody is let out', () => {
    fc.assert(
      fc.property(budgets, comers(10_000), (budget, callers) => {
        const left = departures(budget, callers);
        expect(left).toHaveLength(callers.length);
        for (const from of left) {
          const within = left.filter((at) => at >= from && at < from + budget.seconds * 1_000);
          expect(within.length).toBeLessThanOrEqual(budget.calls);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('punctual callers use the budget up', () => {
    const left = departures(
      five,
      Array.from({ length: 50 }, () => ({ at: 0, late: 3 })),
    );
    expect(left.at(-1)! - left[0]!).toBeLessThan(50 * spacingMs(five) + 100);
  });
});
