import { describe, expect, it } from 'vitest';

import { renewalTime, subscriptionPauseMs } from '#core/subscription-pace.ts';
import type { StepError } from '#core/step-failure.ts';

describe('when a subscription is renewed', () => {
  it.each([
    [0, 800],
    [0.5, 775],
    [0.999, 750],
  ])('by chance %d, at %d of a life of 1,000', (random, at) => {
    expect(renewalTime({ now: 0, expiresAt: 1_000, random })).toBe(at);
  });

  it('is at once for one that has ended', () => {
    expect(renewalTime({ now: 5_000, expiresAt: 1_000, random: 0 })).toBe(1_000);
  });
});

describe('the pause after a failure', () => {
  const pause = (kind: StepError['kind'], tries: number, random = 0, retryAfterMs?: number) =>
    subscriptionPauseMs({ error: { kind, code: 'x', message: 'x', retryAfterMs }, tries, random });

  it('grows for what may pass, up to a quarter of an hour, and is less up to a half by chance', () => {
    expect([1, 2, 3, 9, 10, 40].map((tries) => pause('transient', tries))).toEqual([
      2_000, 4_000, 8_000, 512_000, 900_000, 900_000,
    ]);
    expect(pause('transient', 3, 0.999)).toBeLessThan(4_010);
  });

  it('is an hour for what stays', () => {
    expect([pause('invalid', 1), pause('auth', 7)]).toEqual([3_600_000, 3_600_000]);
  });

  it('is never shorter than what the provider asks for, up to a day', () => {
    expect(pause('throttled', 1, 0.9, 600_000)).toBe(600_000);
    expect(pause('throttled', 1, 0.9, 1e12)).toBe(86_400_000);
  });
});
