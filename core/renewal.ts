import { MAX_RETRY_AFTER_MS } from './retry.ts';

/** How long a connection waits after a renewal that failed without being refused for good, in milliseconds. */
export const RENEWAL_LAW = {
  /** It may work by itself: the provider is away, or too busy. */
  passing: { baseMs: 5_000, maxMs: 300_000 },
  /** The OAuth app is refused, or missing: somebody has to change something first. */
  client: { baseMs: 30_000, maxMs: 900_000 },
} as const;

export interface FailedRenewal {
  readonly reason: keyof typeof RENEWAL_LAW;
  /** Renewals that failed in a row, this one included. */
  readonly fails: number;
  /** What the provider asked for; null where it did not. */
  readonly retryAfterMs: number | null;
  /** From 0 up to, not including, 1. */
  readonly random: number;
}

/**
 * How long to wait before the next renewal, in milliseconds: twice as long each time up to a limit, less up to a half by chance, so
 * that connections which failed together do not come back together. `Retry-After` (24 h at most) is the floor.
 */
export function renewalPauseMs({ reason, fails, retryAfterMs, random }: FailedRenewal): number {
  const { baseMs, maxMs } = RENEWAL_LAW[reason];
  const ceilingMs = Math.min(maxMs, baseMs * 2 ** (fails - 1));
  const floorMs = Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  return Math.ceil(Math.max(ceilingMs * (1 - random / 2), floorMs));
}
