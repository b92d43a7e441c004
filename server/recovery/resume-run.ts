import type pg from 'pg';

import type { StepError } from '#core/step-failure.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { prepareResume, type PreparedResume, type ResumeTarget } from '#server/recovery/prepare-resume.ts';
import { tellEndIn } from '#server/runs/tell-end.ts';
import {
  doubtSteps,
  forgetClosedQuestions,
  forgetSignals,
  rearmSteps,
  reopenLoops,
  reopenRun,
  tellEndAgain,
} from '#server/sql/resume-rows.ts';

/**
 * Has a failed run go on from where it failed, in the client's transaction: same run, same keys, finished steps kept. Runs
 * that a failed step had called go on, too. Its dead letter is marked redriven. Await `queueReady` before the transaction.
 * Resolves to the changes that the caller publishes (`publishRunChanges`) after the commit. Throws 404, 409 when the run
 * cannot go on, 422 for an input that does not fit.
 */
export async function resumeRunIn(client: pg.ClientBase, target: ResumeTarget): Promise<RunNotice[]> {
  return goOn(client, await prepareResume(client, target));
}

async function goOn(client: pg.ClientBase, prepared: PreparedResume): Promise<RunNotice[]> {
  const { run, steps, overrides, awaited } = prepared;
  const { id, workspaceId, flow } = run;
  const told = run.isEndDue ? await tellEndIn(client, id) : { woken: [], started: [] };
  await forgetSignals(client, id, awaited);
  for (const call of awaited) if (call.status === 'succeeded') await tellEndAgain(client, call.runId);
  const called: RunNotice[] = [];
  for (const each of prepared.called) called.push(...(await goOn(client, each)));
  await rearmSteps(client, id, steps.retry);
  if (steps.reopen.length > 0) await reopenLoops(client, id, steps.reopen);
  if (steps.doubt.length > 0) await doubtSteps(client, id, { steps: steps.doubt, error: STOPPED_IN_CALL });
  await forgetClosedQuestions(client, id, steps.retry);
  await reopenRun(client, { id, overrides });
  await wakeRuns(client, [id, ...told.woken]);
  return [...told.started, ...called, { id, workspaceId, flow, status: 'queued' }];
}

const STOPPED_IN_CALL: StepError = {
  kind: 'uncertain',
  code: 'run_stopped',
  message:
    'The run was stopped during this call, which must not be repeated unasked. It may have happened: look at the far end, then settle the step.',
};
