import { MAX_RETRY_AFTER_MS } from './retry.ts';
import type { StepError } from './step-failure.ts';

/** How much of its life a subscription has left when it is renewed. */
const SHARE_LEFT = 0.2;
/** A share more by chance, so that subscriptions which began together are not renewed together. */
const SHARE_SPREAD = 0.05;

/**
 * When to renew a subscription, in milliseconds since 1970: ahead of its end by a fifth of its life, or a little more.
 *
 * @param random from 0 up to, not including, 1.
 */
export function renewalTime(life: {
  readonly now: number;
  readonly expiresAt: number;
  readonly random: number;
}): number {
  const { now, expiresAt, random } = life;
  const lifeMs = Math.max(0, expiresAt - now);
  return Math.round(expiresAt - lifeMs * (SHARE_LEFT + SHARE_SPREAD * random));
}

const PASSING = { baseMs: 2_000, maxMs: 900_000 } as const;
/** It takes a person who changes something, here or at the provider. */
const STAYING_MS = 3_600_000;

/**
 * How long to wait after a provider could not be asked, in milliseconds: for what may pass twice as long each time up to a quarter of an
 * hour, less up to a half by chance; for what stays, an hour. `Retry-After` (24 h at most) is the floor.
 */
export function subscriptionPauseMs(failed: {
  readonly error: StepError;
  /** Failures in a row, this one included. */
  readonly tries: number;
  /** From 0 up to, not including, 1. */
  readonly random: number;
}): number {
  const { error, tries, random } = failed;
  const mayPass = error.kind !== 'invalid' && error.kind !== 'auth';
  const ceilingMs = mayPass ? Math.min(PASSING.maxMs, PASSING.baseMs * 2 ** (tries - 1)) : STAYING_MS;
  const floorMs = Math.min(error.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  return Math.ceil(Math.max(ceilingMs * (1 - random / 2), floorMs));
}
