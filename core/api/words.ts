import type { Step } from './runs.ts';

// The closed lists and bounds of the API as plain constants: pages read them without loading the schemas that are made of them.

/** In the order of a run's life. */
export const RUN_STATUSES = [
  'queued',
  'running',
  'waiting',
  'in_doubt',
  'succeeded',
  'failed',
  'cancelled',
] as const;

export const ERROR_KINDS = [
  'transient',
  'throttled',
  'auth',
  'invalid',
  'uncertain',
  'cancelled',
  'bug',
] as const;

/** From the one that may do everything to the one that may only look. */
export const ROLES = ['owner', 'admin', 'editor', 'operator', 'viewer'] as const;

/** In characters. */
export const PASSWORD_LENGTH = { min: 8, max: 200 } as const;

/** The audit log is kept for so many days at least. */
export const MIN_AUDIT_DAYS = 365;
/** An event in quarantine waits for a decision for so many days at least: as long as its duplicates are known. */
export const MIN_QUARANTINE_DAYS = 30;

/** What a step may wait for that "retry now" cuts short. */
export const HURRIED_WAITS: readonly Step['waitingFor'][] = ['retry', 'breaker', 'connection'];
