import { DEFAULT_RETRY, MAX_RETRY_AFTER_MS, nextAttempt } from '#core/retry.ts';
import type { RetryPolicy } from '#core/flow-document.ts';
import type { StepError } from '#core/step-failure.ts';

export interface FailedPoll {
  readonly policy: RetryPolicy | undefined;
  readonly everySeconds: number;
  /** Requests that failed in a row, this one included. */
  readonly failures: number;
  readonly error: StepError;
  /** From 0 up to, not including, 1. */
  readonly random: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Nobody is asked more often, whatever the law says. */
const SHORTEST_MS = 1_000;

/**
 * When a poll that failed asks again. What may pass by itself is tried again by the node's retry law, and sooner than the next
 * turn if that says so; once the attempts are used up, or for a fault that stays, at the poll's pace. A poll quicker than the
 * law's longest wait slows down to it while the far end is away. `Retry-After` (24 h at most) is always waited for.
 */
export function pollAgainAt({ policy, everySeconds, failures, error, random, now }: FailedPoll): number {
  const law = nextAttempt({ policy, attempt: failures, error, random, now });
  if ('retryAt' in law) return Math.max(law.retryAt, now + SHORTEST_MS);
  const mayPass = error.kind === 'transient' || error.kind === 'throttled';
  const slowedMs = mayPass ? (policy?.maxSeconds ?? DEFAULT_RETRY.maxSeconds) * 1_000 * random : 0;
  const askedMs = Math.min(error.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  return Math.ceil(now + Math.max(everySeconds * 1_000, slowedMs, askedMs));
}
