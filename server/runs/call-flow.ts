import type { FlowCall } from '#connectors/contract.ts';
import type { Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { crashPoint } from '#server/crash-point.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { pool } from '#server/db/pool.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { ProblemError } from '#server/problem.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { checkInput } from '#server/runs/check-input.ts';
import { keysOfEvent } from '#server/runs/keys-of-event.ts';
import type { RunConcurrency } from '#server/runs/concurrency-of.ts';
import { findStartable, type StartableFlow } from '#server/runs/find-startable.ts';
import { manualEvent } from '#server/runs/manual-event.ts';
import { countAboveWithKey, findCalledRun, readCallDepth } from '#server/sql/called-runs.ts';
import { holdFlow } from '#server/sql/hold-flow.ts';
import { insertRun } from '#server/sql/insert-run.ts';

/** How many runs may stand above one. */
export const MAX_CALL_DEPTH = 10;

/** The step that calls. */
export interface CallingStep {
  readonly workspaceId: string;
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
}

/**
 * Starts the published version of another flow of the workspace, once for each step: asked again, also after a crash, it
 * answers with the same run. Throws `StepFailure` (`flow_not_found`, `flow_unpublished`, `flow_not_callable`,
 * `invalid_input`, `call_too_deep`, `call_waits_for_itself`).
 */
export async function callFlow(step: CallingStep, call: FlowCall): Promise<{ readonly runId: string }> {
  const earlier = await findCalledRun(pool(), step);
  if (earlier) return { runId: earlier };
  const target = await findStartable(pool(), step.workspaceId, call.flow);
  const callDepth = (await readCallDepth(pool(), step.runId)) + 1;
  if (callDepth > MAX_CALL_DEPTH) throw tooDeep(call.flow);
  acceptInput(target, call.input);
  const event = manualEvent(target.trigger, call.input);
  const version = target.version.number;
  const keys = await keysOfEvent(target.document, event, { slug: call.flow, version });
  if (call.isAwaited) await refuseDeadlock(step, target, keys.concurrency);
  const run = { ...target, runId: uuidv7(), eventId: uuidv7(), workspaceId: step.workspaceId };
  await queueReady();
  const isNew = await inClientTransaction(async (client) => {
    if (!(await holdFlow(client, target.flow.id))) throw gone(call.flow);
    const parent = { ...step, isAwaited: call.isAwaited };
    const isStored = await insertRun(client, { ...run, kind: 'call', event, parent, callDepth, ...keys });
    if (isStored) await wakeRuns(client, [run.runId]);
    crashPoint('called_run.before_commit');
    return isStored;
  });
  crashPoint('called_run.after_commit');
  if (!isNew) return { runId: (await findCalledRun(pool(), step)) ?? run.runId };
  publishRunChanges([{ id: run.runId, workspaceId: step.workspaceId, flow: call.flow, status: 'queued' }]);
  return { runId: run.runId };
}

function acceptInput({ trigger, flow }: StartableFlow, input: Json): void {
  try {
    checkInput(trigger, input);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const message = `The flow “${flow.slug}” does not take this input. ${error.message}`;
    const detail = (error.errors ?? []).map(({ pointer, message: why }) => ({ pointer, message: why }));
    throw new StepFailure({
      kind: 'invalid',
      code: 'invalid_input',
      message,
      pointer: '/config/input',
      detail,
    });
  }
}

/** A run that waits for one which stands in line behind it would wait for ever. */
async function refuseDeadlock(
  step: CallingStep,
  { flow }: StartableFlow,
  concurrency: RunConcurrency | null,
): Promise<void> {
  if (concurrency?.limit == null) return;
  const held = await countAboveWithKey(pool(), {
    runId: step.runId,
    flowId: flow.id,
    key: concurrency.key,
  });
  if (held < concurrency.limit) return;
  throw new StepFailure({
    kind: 'invalid',
    code: 'call_waits_for_itself',
    message: `This run, or one that waits for it, holds the turn that the called run of “${flow.slug}” would wait for. Raise the flow's concurrency limit, or call without waiting.`,
  });
}

function tooDeep(flow: string): StepFailure {
  return new StepFailure({
    kind: 'invalid',
    code: 'call_too_deep',
    message: `The flow “${flow}” is not called: ${MAX_CALL_DEPTH} runs stand above it already. Does a flow call itself?`,
  });
}

function gone(flow: string): StepFailure {
  const message = `There is no flow “${flow}” in this workspace. Create it, or name another.`;
  return new StepFailure({ kind: 'invalid', code: 'flow_not_found', message });
}
