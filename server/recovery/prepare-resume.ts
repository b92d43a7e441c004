import type pg from 'pg';

import { catalog } from '#connectors/definitions.ts';
import type { ReplayPlan } from '#core/api/replay.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { PlanGraph } from '#core/plan-graph.ts';
import { planResume } from '#core/replay/plan-resume.ts';
import { resumeSteps, type ResumedSteps } from '#core/replay/resume-steps.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import { ProblemError } from '#server/problem.ts';
import { checkOverride } from '#server/recovery/check-override.ts';
import { graphOf } from '#server/recovery/graph-of.ts';
import { refuseResume } from '#server/recovery/refuse-resume.ts';
import { noRun } from '#server/runs/run-id.ts';
import {
  lockResumable,
  selectAwaited,
  selectRecordedSteps,
  type AwaitedCall,
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

/** A resume that nothing stands in the way of, its run held to the end of the transaction. */
export interface PreparedResume {
  readonly run: ResumableRun;
  readonly steps: ResumedSteps;
  readonly overrides: JsonObject | null;
  /** The runs that resumed steps wait for. */
  readonly awaited: readonly AwaitedCall[];
  /** Those of them that failed, and go on, too. */
  readonly called: readonly PreparedResume[];
  readonly plan: ReplayPlan;
}

/** Holds a failed run and decides how it goes on. Changes nothing. Throws 404, 409 and 422 as `resumeRunIn` does. */
export async function prepareResume(client: pg.ClientBase, target: ResumeTarget): Promise<PreparedResume> {
  const run = await lockResumable(client, target);
  if (!run) throw noRun(target.runId);
  refuseResume(run);
  const graph = graphOf(run.document);
  const recorded = await selectRecordedSteps(client, run.id);
  const steps = resumeSteps(graph, recorded);
  refuseResume(run, steps);
  const overrides = overridesOf(target, { run, graph, steps });
  const awaited = await selectAwaited(client, run.id, steps.retry);
  const called: PreparedResume[] = [];
  for (const call of awaited) called.push(...(await prepareCalled(client, run.workspaceId, call)));
  const plan = planResume({ catalog, version: run.versionNumber, graph, recorded, steps });
  return { run, steps, overrides, awaited, called, plan };
}

/** A person's settings for a step, beside those that earlier resumes gave. */
function overridesOf(
  target: ResumeTarget,
  given: { readonly run: ResumableRun; readonly graph: PlanGraph; readonly steps: ResumedSteps },
): JsonObject | null {
  const { run, graph, steps } = given;
  const { input } = target;
  if (input === undefined) {
    if (target.nodeId === undefined) return run.overrides;
    const message = 'A step is named only to give it other settings: give them as "input".';
    throw invalidAt('/nodeId', 'no_input', message);
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
  const message = 'Say which step the input is for: it must be one that goes on, outside of loops.';
  throw invalidAt('/nodeId', 'required', message);
}

function notResumed(nodeId: string, { retry, reopen }: ResumedSteps): ProblemError {
  const isInLoop = [...retry, ...reopen].some((step) => step.nodeId === nodeId);
  const message = isInLoop
    ? `“${nodeId}” stands in a loop, or is a loop that has begun: its settings cannot be replaced. Replay the run from the loop instead.`
    : `“${nodeId}” is not a step that this resume runs again.`;
  return invalidAt('/nodeId', 'not_resumed', message);
}

async function prepareCalled(
  client: pg.ClientBase,
  workspaceId: string,
  { runId, nodeId, status }: AwaitedCall,
): Promise<PreparedResume[]> {
  if (status === 'cancelled') throw calledCannotGoOn(runId, nodeId, 'It was cancelled.');
  if (status !== 'failed') return [];
  try {
    return [await prepareResume(client, { workspaceId, runId })];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw calledCannotGoOn(runId, nodeId, error.message);
  }
}

function calledCannotGoOn(runId: string, nodeId: string, why: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'called_run_cannot_go_on',
    title: 'The run cannot be resumed',
    detail: `The step “${nodeId}” waits for the run ${runId} that it called, and that one cannot go on. ${why} To have the step call anew, replay this run from there.`,
  });
}
