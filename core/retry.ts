import type { RetryPolicy } from './flow-document.ts';
import type { StepError } from './step-failure.ts';

/** How an attempt is repeated when the node says nothing. */
export const DEFAULT_RETRY = {
  attempts: 5,
  baseSeconds: 1,
  maxSeconds: 300,
} as const satisfies Required<RetryPolicy>;

/** The longest wait that a far end may ask for. */
export const MAX_RETRY_AFTER_MS = 24 * 3_600 * 1_000;

export interface FailedAttempt {
  /** The node's own law; absent parts are those of `DEFAULT_RETRY`. */
  readonly policy?: RetryPolicy | undefined;
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  readonly error: StepError;
  /** From 0 up to, not including, 1. */
  readonly random: number;
  /** Milliseconds since 1970, by the database's clock. */
  readonly now: number;
}

/**
 * When a failed step is tried again. Exponential with full jitter: a random time up to
 * `min(maxSeconds, baseSeconds · 2^(attempt − 1))`; a far end's `Retry-After` (24 h at most) is the floor, even above
 * `maxSeconds`. Only `transient` and `throttled` errors are tried again, and only while attempts are left.
 */
export function nextAttempt(failed: FailedAttempt): { readonly retryAt: number } | { readonly giveUp: true } {
  const { policy, attempt, error, random, now } = failed;
  const { attempts, baseSeconds, maxSeconds } = { ...DEFAULT_RETRY, ...withoutGaps(policy) };
  if (!isRetryable(error) || attempt >= attempts) return { giveUp: true };
  const ceilingMs = Math.min(maxSeconds, baseSeconds * 2 ** (attempt - 1)) * 1_000;
  const floorMs = Math.min(Math.max(error.retryAfterMs ?? 0, 0), MAX_RETRY_AFTER_MS);
  return { retryAt: Math.ceil(now + Math.max(random * ceilingMs, floorMs)) };
}

function isRetryable(error: StepError): boolean {
  return error.kind === 'transient' || error.kind === 'throttled';
}

function withoutGaps(policy: RetryPolicy | undefined): Partial<RetryPolicy> {
  return Object.fromEntries(Object.entries(policy ?? {}).filter(([, value]) => value !== undefined));
}
