import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  admission,
  afterCall,
  BREAKER_LAW,
  CLOSED_BREAKER,
  type BreakerState,
  type CallOutcome,
  type EndedCall,
} from '#core/breaker.ts';
import type { StepError } from '#core/step-failure.ts';

const error: StepError = { kind: 'transient', code: 'http_status', message: 'It answered 503.' };
const ILL: CallOutcome = { kind: 'ill', error };
const WELL: CallOutcome = { kind: 'well' };
const throttled = (retryAfterMs?: number): CallOutcome => ({ kind: 'throttled', error, retryAfterMs });
const NOW = 1_000_000_000;

function after(
  breaker: BreakerState,
  outcomes: readonly CallOutcome[],
  { now = NOW, isProbe = false, wentPast = false, random = 0 } = {},
): BreakerState {
  return outcomes.reduce(
    (known, outcome) => afterCall(known, { outcome, isProbe, wentPast }, { now, random }),
    breaker,
  );
}
const times = (count: number, outcome: CallOutcome) => Array.from({ length: count }, () => outcome);
const open = after(CLOSED_BREAKER, times(BREAKER_LAW.failures, ILL));
const halfOpen: BreakerState = { ...open, state: 'half_open', pausedUntil: NOW + 15_000 };

describe('a closed breaker', () => {
  test('opens after ten failures in a row, not after nine', () => {
    expect(after(CLOSED_BREAKER, times(9, ILL))).toMatchObject({ state: 'closed', failures: 9 });
    expect(open).toMatchObject({ state: 'open', failures: 10, opened: 1, openedAt: NOW, reason: 'failures' });
    expect(open).toMatchObject({ pausedUntil: NOW + BREAKER_LAW.basePauseMs, lastError: error });
  });

  test('counts anew after a success', () => {
    const nine = times(9, ILL);
    expect(after(CLOSED_BREAKER, [...nine, WELL, ...nine])).toMatchObject({ state: 'closed', failures: 9 });
  });

  test('counts anew when the last failure is long ago', () => {
    const before = after(CLOSED_BREAKER, times(9, ILL));
    const now = NOW + BREAKER_LAW.windowMs + 1;
    expect(after(before, [ILL], { now })).toMatchObject({ state: 'closed', failures: 1 });
    expect(after(before, [ILL], { now: now - 1 })).toMatchObject({ state: 'open' });
  });

  test('waits as long as the far end asks, which is no failure', () => {
    const paused = after(CLOSED_BREAKER, [throttled(7_000)]);
    expect(paused).toMatchObject({ state: 'closed', failures: 0, reason: 'throttled' });
    expect(admission(paused, NOW)).toEqual({ until: NOW + 7_000 });
    expect(admission(paused, NOW + 7_000)).toBe('go');
  });

  test('waits for the longest of several times, a day at most, and a success does not end it', () => {
    const paused = after(CLOSED_BREAKER, [throttled(9_000), throttled(3_000), WELL]);
    expect(admission(paused, NOW)).toEqual({ until: NOW + 9_000 });
    const day = after(CLOSED_BREAKER, [throttled(1e12)]);
    expect(admission(day, NOW)).toEqual({ until: NOW + 86_400_000 });
  });

  test('does not wait where no time is named', () => {
    expect(after(CLOSED_BREAKER, [throttled()])).toEqual(CLOSED_BREAKER);
  });
});

describe('an open breaker', () => {
  test('lets nothing out before its pause is over, then one call that tries', () => {
    expect(admission(open, NOW)).toEqual({ until: NOW + 10_000 });
    expect(admission(open, NOW + 10_000)).toBe('probe');
  });

  test('does not heed calls that left before it opened', () => {
    expect(after(open, [ILL, WELL, ...times(20, ILL)])).toEqual(open);
  });

  test('waits longer where such a call was asked to', () => {
    expect(after(open, [throttled(60_000)])).toMatchObject({ state: 'open', pausedUntil: NOW + 60_000 });
  });
});

describe('a call that a person sent past a breaker', () => {
  const paused = after(CLOSED_BREAKER, [throttled(3_600_000)]);

  test.each([
    ['an open one', open],
    ['a half-open one', halfOpen],
    ['a pause that the far end asked for', paused],
  ])('ends %s when it comes back well, and leaves it as it is when it fails', (_, breaker) => {
    expect(after(breaker, [WELL], { wentPast: true })).toEqual(CLOSED_BREAKER);
    expect(after(breaker, [WELL])).toEqual(breaker);
    if (breaker.state !== 'closed') expect(after(breaker, [ILL], { wentPast: true })).toEqual(breaker);
    expect(admission(after(breaker, [ILL], { wentPast: true }), NOW)).toHaveProperty('until');
  });
});

describe('a half-open breaker', () => {
  test('holds the others back while one tries, and lets another try when that one is gone', () => {
    expect(admission(halfOpen, NOW)).toEqual({ until: NOW + 15_000 });
    expect(admission(halfOpen, NOW + 15_000)).toBe('probe');
  });

  test('closes when the one is answered, also with "too many"', () => {
    expect(after(halfOpen, [WELL], { isProbe: true })).toEqual(CLOSED_BREAKER);
    expect(after(halfOpen, [throttled()], { isProbe: true })).toEqual(CLOSED_BREAKER);
    const asked = after(halfOpen, [throttled(60_000)], { isProbe: true });
    expect(asked).toMatchObject({ state: 'closed', failures: 0, pausedUntil: NOW + 60_000 });
  });

  test('opens for longer when it fails; calls that left before say nothing', () => {
    const now = NOW + 12_000;
    const again = after({ ...halfOpen, pausedUntil: now }, [ILL], { isProbe: true, now });
    expect(again).toMatchObject({ state: 'open', opened: 2, openedAt: NOW, pausedUntil: now + 20_000 });
    expect(after(halfOpen, [WELL, ILL])).toEqual(halfOpen);
  });

  test.each([
    [1, 10_000],
    [2, 20_000],
    [3, 40_000],
    [5, 160_000],
    [6, 300_000],
    [40, 300_000],
  ])('the %ith pause is %i ms, less up to a quarter', (opened, most) => {
    const before = { ...halfOpen, opened: opened - 1, pausedUntil: NOW };
    const pause = (random: number) => after(before, [ILL], { isProbe: true, random }).pausedUntil! - NOW;
    expect(pause(0)).toBe(most);
    expect(pause(0.999_999)).toBeGreaterThanOrEqual(most * 0.75);
  });
});

const calls: fc.Arbitrary<{ readonly call: EndedCall; readonly random: number; readonly ms: number }> =
  fc.record({
    call: fc.record({
      outcome: fc.oneof(
        fc.constant(WELL),
        fc.constant(ILL),
        fc.option(fc.nat(600_000), { nil: undefined }).map(throttled),
      ),
      isProbe: fc.boolean(),
      wentPast: fc.boolean(),
    }),
    random: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
    ms: fc.nat(400_000),
  });

describe('whatever happens', () => {
  test('what is open has a reason, an error and an end within reach; what is closed has fewer failures than open it', () => {
    fc.assert(
      fc.property(fc.array(calls, { maxLength: 60 }), (history) => {
        let breaker = CLOSED_BREAKER;
        let now = NOW;
        for (const { call, random, ms } of history) {
          now += ms;
          // As a worker does it: the one that tries marks the breaker first.
          if (call.isProbe && admission(breaker, now) === 'probe')
            breaker = { ...breaker, state: 'half_open', pausedUntil: now + 15_000 };
          breaker = afterCall(breaker, call, { now, random });
          if (breaker.state === 'closed') expect(breaker.failures).toBeLessThan(BREAKER_LAW.failures);
          else expect(breaker).toMatchObject({ lastError: error, openedAt: expect.any(Number) as number });
          expect((breaker.pausedUntil ?? 0) - now).toBeLessThanOrEqual(600_000);
          expect(admission(breaker, now + 600_000)).not.toHaveProperty('until');
        }
      }),
      { numRuns: 300 },
    );
  });
});
