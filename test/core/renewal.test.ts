import { expect, test } from 'vitest';

import { RENEWAL_LAW, renewalPauseMs } from '#core/renewal.ts';
import { MAX_RETRY_AFTER_MS } from '#core/retry.ts';

test.each([
  // reason, fails, random, milliseconds
  ['passing', 1, 0, 5_000],
  ['passing', 1, 0.999, 2_503],
  ['passing', 2, 0, 10_000],
  ['passing', 4, 0.5, 30_000],
  ['passing', 50, 0, RENEWAL_LAW.passing.maxMs],
  ['passing', 5_000, 0.999, 150_150],
  ['client', 1, 0, 30_000],
  ['client', 3, 0.5, 90_000],
  ['client', 50, 0, RENEWAL_LAW.client.maxMs],
] as const)(
  'after a renewal that failed (%s, %i in a row, random %d) it waits %i ms',
  (reason, fails, random, ms) => {
    expect(renewalPauseMs({ reason, fails, random, retryAfterMs: null })).toBe(ms);
  },
);

test('what a provider asks for is the least, up to a day', () => {
  const pause = (retryAfterMs: number) =>
    renewalPauseMs({ reason: 'passing', fails: 1, random: 0, retryAfterMs });
  expect(pause(1_000)).toBe(5_000);
  expect(pause(600_000)).toBe(600_000);
  expect(pause(10 * MAX_RETRY_AFTER_MS)).toBe(MAX_RETRY_AFTER_MS);
});
