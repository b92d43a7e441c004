import type { ResumedSteps } from '#core/replay/resume-steps.ts';
import { ProblemError } from '#server/problem.ts';
import type { ResumableRun } from '#server/sql/resume-rows.ts';

/** Ends of a run as a whole after which its journal is as its steps left it. */
const KEEPS_JOURNAL: ReadonlySet<string> = new Set(['run_timeout', 'worker_died']);

/** Throws a 409 that says why a run cannot go on, and what to do instead. `steps`: those that would, once they are known. */
export function refuseResume(run: ResumableRun, steps?: ResumedSteps): void {
  const { status, error, compensation } = run;
  if (status !== 'failed')
    throw refusal('not_failed', `Only a run that ended failed can go on; this one is ${status}.`);
  if (compensation !== null)
    throw refusal(
      'run_undone',
      'What this run had done was undone when it failed, so there is nothing to go on from. Replay it instead.',
    );
  if (error?.code === 'stopped')
    throw refusal(
      'run_stopped_itself',
      'The flow itself ended this run as failed; going on would end it the same way. Replay it instead.',
    );
  if (error?.nodeId === undefined && !KEEPS_JOURNAL.has(error?.code ?? ''))
    throw refusal(
      'no_failed_step',
      'The run failed as a whole, not in one of its steps, so there is no step to go on from. Replay it instead.',
    );
  if (!steps || steps.retry.length + steps.reopen.length + steps.doubt.length > 0) return;
  if (error?.nodeId === undefined) return;
  throw refusal('no_failed_step', 'No step of this run is left to go on from. Replay it instead.');
}

function refusal(code: string, detail: string): ProblemError {
  return new ProblemError({ status: 409, code, title: 'The run cannot be resumed', detail });
}
