import type { StepError } from '#core/step-failure.ts';

/** A run whose worker died this often, without a step completed in between, is what kills it: it was alone the last time. */
export const MAX_DEATHS = 3;

/** The run's own deadline passed. */
export function runTimeout(seconds: number): StepError {
  return {
    kind: 'cancelled',
    code: 'run_timeout',
    message: `The run took longer than the ${seconds} s that its flow allows (settings, time-out).`,
  };
}

/** What ends a run, or breaks a step off, from outside the flow. */
export const KILLS_WORKERS: StepError = {
  kind: 'bug',
  code: 'worker_died',
  message: `The worker died ${MAX_DEATHS} times while it ran this, the last time when it ran nothing else. It is not tried again; look at the size and depth of its data.`,
};
export const NOT_STORABLE: StepError = {
  kind: 'invalid',
  code: 'not_storable',
  message: 'The database refused to store a value that a step of this run made.',
};
export const CANCELLED: StepError = {
  kind: 'cancelled',
  code: 'cancelled',
  message: 'The run was cancelled.',
};
export const LOST: StepError = {
  kind: 'cancelled',
  code: 'lease_lost',
  message: 'Another worker took the run over.',
};
export const DRAINED: StepError = { kind: 'cancelled', code: 'drained', message: 'The worker was stopped.' };
export const NOT_BEGUN: StepError = {
  kind: 'cancelled',
  code: 'not_begun',
  message: 'The run failed, or was stopped, just before this began.',
};
export const UNSURE: StepError = {
  kind: 'uncertain',
  code: 'drained',
  message:
    'The worker was stopped during this call, which must not be repeated unasked. It may have happened: look at the far end, then settle the step.',
};

/** What a step shows whose worker died. */
export const WORKER_GONE: StepError = {
  kind: 'transient',
  code: 'worker_gone',
  message: 'The worker that ran this attempt went away. Another one goes on.',
};
export const MAY_HAVE_HAPPENED: StepError = {
  kind: 'uncertain',
  code: 'worker_gone',
  message:
    'The worker went away during this call, which must not be repeated unasked. It may have happened: look at the far end, then settle the step.',
};
