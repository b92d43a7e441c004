import type { Effect, FlowNode } from './flow-document.ts';
import type { Json } from './json.ts';
import { nextAttempt } from './retry.ts';
import type { StepError } from './step-failure.ts';

export interface FailureToSettle {
  readonly node: Pick<FlowNode, 'retry' | 'onError'>;
  readonly effect: Effect | 'pure';
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  readonly error: StepError;
  /** From 0 up to, not including, 1. */
  readonly random: number;
  /** Milliseconds since 1970, by the database's clock. */
  readonly now: number;
}

export type SettledFailure =
  | { readonly status: 'waiting'; readonly error: StepError; readonly nextAttemptAt: number }
  | { readonly status: 'in_doubt'; readonly error: StepError }
  | {
      readonly status: 'failed';
      readonly error: StepError;
      /** `{ "error": … }` where the flow goes on with it. */
      readonly output: Json;
      readonly ports: readonly string[];
    };

/** Faults that occur before a request has left: even a call that must not be repeated may be tried again. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'dns_failed',
  'connect_refused',
  'connect_timeout',
  'connection_unread',
  'not_done',
]);

/**
 * What becomes of a step whose attempt failed: another attempt later, a doubt for a person to settle (a `once` call
 * that may have happened), or the failure itself with the port that `onError` follows.
 */
export function settleFailure(failure: FailureToSettle): SettledFailure {
  const { node, attempt, random, now } = failure;
  const error = asUncertain(failure.effect, failure.error);
  if (error.kind === 'uncertain') return { status: 'in_doubt', error };
  const next = nextAttempt({ policy: node.retry, attempt, error, random, now });
  if ('retryAt' in next) return { status: 'waiting', error, nextAttemptAt: next.retryAt };
  return failForGood(node, error);
}

/** The end of a step that is not tried again, whatever its error says. */
export function failForGood(node: Pick<FlowNode, 'onError'>, error: StepError): SettledFailure {
  return { status: 'failed', error, ...followed(node, error) };
}

function asUncertain(effect: Effect | 'pure', error: StepError): StepError {
  if (effect !== 'once' || error.kind !== 'transient' || NEVER_SENT.has(error.code)) return error;
  return {
    ...error,
    kind: 'uncertain',
    message: `${error.message} The call may have happened, and this step must not be repeated unasked: look at the far end, then settle the step.`,
  };
}

function followed(
  node: Pick<FlowNode, 'onError'>,
  error: StepError,
): { output: Json; ports: readonly string[] } {
  const output = { error: { ...error } } as unknown as Json;
  switch (node.onError ?? 'fail') {
    case 'fail':
      return { output: null, ports: [] };
    case 'continue':
      return { output, ports: ['out'] };
    case 'branch':
      return { output, ports: ['error'] };
  }
}
