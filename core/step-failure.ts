import type { Json } from './json.ts';

/**
 * Why a step failed, as the engine acts on it (the retry law reads only `kind` and `retryAfterMs`).
 *
 * - `transient`: worth another attempt (network fault, 408, 425, 5xx, time-out of a repeatable call).
 * - `throttled`: worth another attempt, not before `retryAfterMs`.
 * - `auth`: the connection was refused.
 * - `invalid`: the input or the configuration is wrong; the same attempt would fail again.
 * - `uncertain`: a call that must not be repeated may or may not have happened.
 * - `cancelled`: a person or a deadline stopped it.
 * - `bug`: our own fault.
 */
export type ErrorKind = 'transient' | 'throttled' | 'auth' | 'invalid' | 'uncertain' | 'cancelled' | 'bug';

/** The stored and shown form of a failure. */
export interface StepError {
  readonly kind: ErrorKind;
  /** Stable snake_case name, for example `http_status`, `connect_refused`, `expression_failed`, `egress_denied`. */
  readonly code: string;
  /** What happened and what can be done, in plain words; no secret, no stack. */
  readonly message: string;
  /** The setting at fault, as a pointer into the node, for example `/config/url`. */
  readonly pointer?: string;
  /** Offset in the expression, in characters, when an expression failed. */
  readonly position?: number;
  readonly retryAfterMs?: number;
  /** More for the reader: a reply's status and body, for example. */
  readonly detail?: Json;
}

/** The one error that handlers and expressions throw on purpose. Anything else thrown is a `bug`. */
export class StepFailure extends Error {
  readonly error: StepError;

  constructor(error: StepError, options?: { cause?: unknown }) {
    super(error.message, options);
    this.name = 'StepFailure';
    this.error = error;
  }
}

/** The stored form of anything thrown: a `StepFailure`'s own error, else a `bug` that names no internals. */
export function toStepError(thrown: unknown): StepError {
  if (thrown instanceof StepFailure) return thrown.error;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: 'bug', code: 'unexpected', message: `Something in Patchbay itself failed: ${message}` };
}
