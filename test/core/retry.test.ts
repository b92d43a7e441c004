import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DEFAULT_RETRY, MAX_RETRY_AFTER_MS, nextAttempt } from '#core/retry.ts';
import { settleFailure } from '#core/settle-failure.ts';
import type { ErrorKind, StepError } from '#core/step-failure.ts';

const error = (kind: ErrorKind, rest: Partial<StepError> = {}): StepError => ({
  kind,
  code: 'http_status',
  message: 'It answered 503.',
  ...rest,
});
const NOW = 1_000_000;

describe('the retry law', () => {
  test.each([
    // attempt, random, milliseconds to wait
    [1, 0, 0],
    [1, 0.5, 500],
    [1, 0.999, 999],
    [2, 0.5, 1_000],
    [3, 0.5, 2_000],
    [4, 0.5, 4_000],
  ])('attempt %i with random %d waits %i ms', (attempt, random, wait) => {
    expect(nextAttempt({ attempt, random, error: error('transient'), now: NOW })).toEqual({
      retryAt: NOW + wait,
    });
  });

  test('the cap holds', () => {
    const policy = { attempts: 20, baseSeconds: 10, maxSeconds: 15 };
    const next = nextAttempt({ policy, attempt: 9, random: 0.999_999, error: error('transient'), now: NOW });
    expect(next).toEqual({ retryAt: NOW + 15_000 });
  });

  test.each([
    ['transient', true],
    ['throttled', true],
    ['auth', false],
    ['invalid', false],
    ['uncertain', false],
    ['cancelled', false],
    ['bug', false],
  ] as const)('%s: tried again is %s', (kind, isRetried) => {
    expect('retryAt' in nextAttempt({ attempt: 1, random: 0, error: error(kind), now: NOW })).toBe(isRetried);
  });

  test('attempts are exact', () => {
    const tried = [1, 2, 3, 4, 5, 6].map(
      (attempt) => 'retryAt' in nextAttempt({ attempt, random: 0, error: error('transient'), now: NOW }),
    );
    expect(tried).toEqual([true, true, true, true, false, false]);
    const once = { policy: { attempts: 1 }, attempt: 1, random: 0, error: error('transient'), now: NOW };
    expect(nextAttempt(once)).toEqual({ giveUp: true });
  });

  test('Retry-After is a floor, above the cap too, and a day at most', () => {
    const wait = (retryAfterMs: number, random = 0) => {
      const next = nextAttempt({ attempt: 1, random, error: error('throttled', { retryAfterMs }), now: NOW });
      return 'retryAt' in next ? next.retryAt - NOW : undefined;
    };
    expect(wait(600_000)).toBe(600_000);
    expect(wait(200, 0.5)).toBe(500);
    expect(wait(10 * MAX_RETRY_AFTER_MS)).toBe(MAX_RETRY_AFTER_MS);
    expect(wait(-5)).toBe(0);
  });

  test('never early, never beyond the cap and the floor, for any law', () => {
    const anyFailure = fc.record({
      policy: fc.option(
        fc.record({
          attempts: fc.integer({ min: 1, max: 20 }),
          baseSeconds: fc.option(fc.double({ min: 0, max: 3_600, noNaN: true }), { nil: undefined }),
          maxSeconds: fc.option(fc.double({ min: 0, max: 86_400, noNaN: true }), { nil: undefined }),
        }),
        { nil: undefined },
      ),
      attempt: fc.integer({ min: 1, max: 25 }),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 2 * MAX_RETRY_AFTER_MS }), { nil: undefined }),
    });
    fc.assert(
      fc.property(anyFailure, ({ policy, attempt, random, retryAfterMs }) => {
        const failure = error('transient', retryAfterMs === undefined ? {} : { retryAfterMs });
        const next = nextAttempt({ policy, attempt, random, error: failure, now: NOW });
        const attempts = policy?.attempts ?? DEFAULT_RETRY.attempts;
        expect('giveUp' in next).toBe(attempt >= attempts);
        if ('giveUp' in next) return;
        const floor = Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
        const cap = (policy?.maxSeconds ?? DEFAULT_RETRY.maxSeconds) * 1_000;
        expect(next.retryAt).toBeGreaterThanOrEqual(NOW + floor);
        expect(next.retryAt).toBeLessThanOrEqual(NOW + Math.max(floor, cap) + 1);
      }),
    );
  });
});

describe('what becomes of a failed attempt', () => {
  const settle = (rest: Partial<Parameters<typeof settleFailure>[0]>) =>
    settleFailure({
      node: {},
      effect: 'keyed',
      attempt: 5,
      error: error('transient'),
      random: 0,
      now: NOW,
      ...rest,
    });

  test('attempts left: it waits', () => {
    expect(settle({ attempt: 1 })).toMatchObject({ status: 'waiting', nextAttemptAt: NOW });
  });

  test.each([
    ['fail', [], null],
    ['continue', ['out'], { error: { code: 'http_status' } }],
    ['branch', ['error'], { error: { code: 'http_status' } }],
  ] as const)('no attempts left, onError %s', (onError, ports, output) => {
    const settled = settle({ node: { onError } });
    expect(settled).toMatchObject({ status: 'failed', ports });
    expect(settled).toHaveProperty('output', output === null ? null : expect.objectContaining({}));
  });

  test.each([
    ['once', 'timeout', 'in_doubt'],
    ['once', 'connection_reset', 'in_doubt'],
    ['once', 'http_status', 'in_doubt'],
    ['once', 'connect_refused', 'waiting'],
    ['once', 'dns_failed', 'waiting'],
    ['keyed', 'timeout', 'waiting'],
    ['read', 'timeout', 'waiting'],
  ] as const)('a %s call that ended with %s is %s', (effect, code, status) => {
    expect(settle({ attempt: 1, effect, error: error('transient', { code }) }).status).toBe(status);
  });

  test('a once call that was told to come back later may be repeated; one that was refused has failed', () => {
    expect(settle({ attempt: 1, effect: 'once', error: error('throttled') }).status).toBe('waiting');
    expect(settle({ attempt: 1, effect: 'once', error: error('invalid') }).status).toBe('failed');
  });
});
