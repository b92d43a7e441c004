import { MAX_RETRY_AFTER_MS } from './retry.ts';
import type { StepError } from './step-failure.ts';

/** When a breaker opens, and how long it stays so. */
export const BREAKER_LAW = {
  /** Failures in a row that open it. */
  failures: 10,
  /** A failure that follows the one before after more than this begins the count anew. */
  windowMs: 300_000,
  /** The first pause; each further one is twice as long. */
  basePauseMs: 10_000,
  maxPauseMs: 300_000,
} as const;

/** What is known of a far end that steps call. Times in milliseconds since 1970, by the database's clock. */
export interface BreakerState {
  /** `half_open`: one call goes out to see whether the far end is well again; the others wait for what comes of it. */
  readonly state: 'closed' | 'open' | 'half_open';
  /** Failures in a row. */
  readonly failures: number;
  /** How often it opened in a row. */
  readonly opened: number;
  readonly openedAt: number | null;
  /** No call before this: the end of the pause, the time that the far end asked for, or how long the one call has. */
  readonly pausedUntil: number | null;
  readonly reason: 'failures' | 'throttled' | null;
  readonly lastError: StepError | null;
  /** When the last failure was counted. */
  readonly countedAt: number;
}

export const CLOSED_BREAKER: BreakerState = {
  state: 'closed',
  failures: 0,
  opened: 0,
  openedAt: null,
  pausedUntil: null,
  reason: null,
  lastError: null,
  countedAt: 0,
};

/** What a call says of its far end. Replies that blame the call (4xx) come from one that is well. */
export type CallOutcome =
  | { readonly kind: 'well' }
  | { readonly kind: 'ill'; readonly error: StepError }
  /** It asks to be left alone; without a time it says nothing about others. */
  | { readonly kind: 'throttled'; readonly error: StepError; readonly retryAfterMs: number | undefined };

export interface EndedCall {
  readonly outcome: CallOutcome;
  /** True for the one call of a half-open breaker. */
  readonly isProbe: boolean;
  /** True for a call that a person sent while the others were held back. */
  readonly wentPast: boolean;
}

/** Whether a call may leave: yes, as the one that tries the far end, or not before `until`. */
export type Admission = 'go' | 'probe' | { readonly until: number };

export function admission(breaker: BreakerState, now: number): Admission {
  const { state, pausedUntil } = breaker;
  if (pausedUntil !== null && pausedUntil > now) return { until: pausedUntil };
  return state === 'closed' ? 'go' : 'probe';
}

/**
 * The breaker after a call ended. While it is open, calls that left before change nothing; while it is half open, the one
 * that tries decides. One that a person sent past it closes it when it comes back well; when it fails, it says nothing new.
 *
 * @param at.random from 0 up to, not including, 1.
 */
export function afterCall(
  breaker: BreakerState,
  { outcome, isProbe, wentPast }: EndedCall,
  at: { readonly now: number; readonly random: number },
): BreakerState {
  const decides = breaker.state === 'closed' || (breaker.state === 'half_open' && isProbe);
  switch (outcome.kind) {
    case 'well':
      if (wentPast) return CLOSED_BREAKER;
      return decides ? afterSuccess(breaker) : breaker;
    case 'throttled':
      return afterThrottling(breaker, { outcome, decides, now: at.now });
    case 'ill':
      return decides ? afterFailure(breaker, outcome.error, at) : breaker;
  }
}

/** A time that the far end asked for stands, whoever got an answer meanwhile. */
function afterSuccess(breaker: BreakerState): BreakerState {
  if (breaker.state !== 'closed') return CLOSED_BREAKER;
  if (breaker.failures === 0) return breaker;
  return breaker.reason === 'throttled' ? { ...breaker, failures: 0 } : CLOSED_BREAKER;
}

function afterThrottling(
  breaker: BreakerState,
  call: { outcome: CallOutcome & { kind: 'throttled' }; decides: boolean; now: number },
): BreakerState {
  const { retryAfterMs, error } = call.outcome;
  // Whoever says "too many" answers: the one call that tried was answered.
  const known = call.decides && breaker.state !== 'closed' ? CLOSED_BREAKER : breaker;
  if (retryAfterMs === undefined || retryAfterMs <= 0) return known;
  const until = call.now + Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
  if (known.pausedUntil !== null && known.pausedUntil >= until) return known;
  return { ...known, pausedUntil: until, reason: 'throttled', lastError: error };
}

function afterFailure(
  breaker: BreakerState,
  error: StepError,
  { now, random }: { now: number; random: number },
): BreakerState {
  const isStale = now - breaker.countedAt > BREAKER_LAW.windowMs;
  const failures = (breaker.state === 'closed' && isStale ? 0 : breaker.failures) + 1;
  const counted = { ...breaker, failures, lastError: error, countedAt: now };
  if (breaker.state === 'closed' && failures < BREAKER_LAW.failures) return counted;
  const opened = breaker.opened + 1;
  return {
    ...counted,
    state: 'open',
    opened,
    openedAt: breaker.openedAt ?? now,
    pausedUntil: Math.max(breaker.pausedUntil ?? 0, now + pauseMs(opened, random)),
    reason: 'failures',
  };
}

/** Twice as long each time, up to the cap, less up to a quarter, so that many do not come back at the same moment. */
function pauseMs(opened: number, random: number): number {
  const { basePauseMs, maxPauseMs } = BREAKER_LAW;
  return Math.ceil(Math.min(maxPauseMs, basePauseMs * 2 ** (opened - 1)) * (1 - random / 4));
}
