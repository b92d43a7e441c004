import type pg from 'pg';

import type { Json, JsonObject } from '#core/json.ts';
import type { PlanGraph } from '#core/plan-graph.ts';
import { resumeSteps, type ResumedSteps } from '#core/replay/resume-steps.ts';
import type { StepError } from '#core/step-failure.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { ProblemError } from '#server/problem.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { checkOverride } from '#server/recovery/check-override.ts';
import { graphOf } from '#server/recovery/graph-of.ts';
import { refuseResume } from '#server/recovery/refuse-resume.ts';
import { noRun } from '#server/runs/run-id.ts';
import { tellEndIn } from '#server/runs/tell-end.ts';
import {
  doubtSteps,
  forgetClosedQuestions,
  lockResumable,
  rearmSteps,
  recallAwaited,
  reopenLoops,
  reopenRun,
  selectRecordedSteps,
  tellEndAgain,
  type ResumableRun,
} from '#server/sql/resume-rows.ts';

export interface ResumeTarget {
  readonly workspaceId: string;
  readonly runId: string;
  /** With `input`: the failed step that it is for; absent where only one failed. */
  readonly nodeId?: string | undefined;
  /** Settings of that step, instead of what its expressions make. */
  readonly input?: Json | undefined;
}

/**
 * Has a failed run go on from where it failed, in the client's transaction: same run, same keys, finished steps kept. Runs
 * that a failed step had called go on, too. Its dead letter is marked redriven. Await `queueReady` before the transaction.
 * Resolves to the changes that the caller publishes (`publishRunChanges`) after the commit. Throws 404, 409 when the run
 * cannot go on, 422 for an input that does not fit.
 */
export async function resumeRunIn(client: pg.ClientBase, target: ResumeTarget): Promise<RunNotice[]> {
  const run = await lockResumable(client, target);
  if (!run) throw noRun(target.runId);
  refuseResume(run);
  const graph = graphOf(run.document);
  const steps = resumeSteps(graph, await selectRecordedSteps(client, run.id));
  refuseResume(run, steps);
  const overrides = overridesOf(target, { run, graph, steps });
  const told = run.isEndDue ? await tellEndIn(client, run.id) : { woken: [], started: [] };
  const called = await resumeCalled(client, run, steps);
  await rearmSteps(client, run.id, steps.retry);
  await reopenLoops(client, run.id, steps.reopen);
  await doubtSteps(client, run.id, { steps: steps.doubt, error: STOPPED_IN_CALL });
  await forgetClosedQuestions(client, run.id, steps.retry);
  await reopenRun(client, { id: run.id, overrides });
  await wakeRuns(client, [run.id, ...told.woken]);
  const { id, workspaceId, flow } = run;
  return [...told.started, ...called, { id, workspaceId, flow, status: 'queued' }];
}

const STOPPED_IN_CALL: StepError = {
  kind: 'uncertain',
  code: 'run_stopped',
  message:
    'The run was stopped during this call, which must not be repeated unasked. It may have happened: look at the far end, then settle the step.',
};

interface Resuming {
  readonly run: ResumableRun;
  readonly graph: PlanGraph;
  readonly steps: ResumedSteps;
}

/** A person's settings for a step, beside those that earlier resumes gave. */
function overridesOf(target: ResumeTarget, { run, graph, steps }: Resuming): JsonObject | null {
  const { input } = target;
  if (input === undefined) {
    if (target.nodeId === undefined) return run.overrides;
    throw invalidAt(
      '/nodeId',
      'no_input',
      'A step is named only to give it other settings: give them as "input".',
    );
  }
  const nodeId = target.nodeId ?? onlyFailed(run, steps);
  const node = graph.nodes.get(nodeId)?.node;
  if (!node || !steps.retry.some((step) => step.nodeId === nodeId && step.key === ''))
    throw notResumed(nodeId, steps);
  checkOverride(node, input);
  return { ...run.overrides, [nodeId]: input };
}

/** The step that the run's error names, else the only one that goes on. */
function onlyFailed({ error }: ResumableRun, { retry }: ResumedSteps): string {
  const outside = retry.filter(({ key }) => key === '');
  const named = outside.find(({ nodeId }) => nodeId === error?.nodeId);
  const only = named ?? (outside.length === 1 ? outside[0] : undefined);
  if (only) return only.nodeId;
  throw invalidAt(
    '/nodeId',
    'required',
    'Say which step the input is for: more than one goes on, or none outside of loops.',
  );
}

function notResumed(nodeId: string, { retry, reopen }: ResumedSteps): ProblemError {
  const isInLoop = [...retry, ...reopen].some((step) => step.nodeId === nodeId);
  return invalidAt(
    '/nodeId',
    'not_resumed',
    isInLoop
      ? `“${nodeId}” stands in a loop, or is a loop that has begun: its settings cannot be replaced. Replay the run from the loop instead.`
      : `“${nodeId}” is not a step that this resume runs again.`,
  );
}

/** The runs that resumed steps wait for: failed ones go on, ended ones tell their end once more. */
async function resumeCalled(
  client: pg.ClientBase,
  run: ResumableRun,
  { retry }: ResumedSteps,
): Promise<RunNotice[]> {
  const notices: RunNotice[] = [];
  for (const called of await recallAwaited(client, run.id, retry)) {
    const { runId } = called;
    if (called.status === 'failed')
      notices.push(...(await resumeRunIn(client, { workspaceId: run.workspaceId, runId })));
    else if (called.status === 'succeeded') await tellEndAgain(client, runId);
    else if (called.status === 'cancelled') throw calledWasCancelled(called.nodeId, runId);
  }
  return notices;
}

function calledWasCancelled(nodeId: string, runId: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'called_run_cancelled',
    title: 'The run cannot go on',
    detail: `The run ${runId}, which the step “${nodeId}” called and waited for, was cancelled. Replay this run instead, from that step or before.`,
  });
}
