import type { RunServices } from '#connectors/contract.ts';
import type { Json } from '#core/json.ts';
import type { AskingStep } from '#worker/run-step.ts';
import type { Sandbox } from './sandbox.ts';

/** Kept back of a step's time, so that code which must be killed is told as such before the step itself is over. */
const RESERVE_MS = 200;

type CodeJob = Parameters<RunServices['runCode']>[0];

/** Runs code for steps: within what is left of the step's time, workspaces taking turns. */
export function codeRunner(sandbox: Sandbox): (step: AskingStep, job: CodeJob) => Promise<Json> {
  return ({ run, signal, leftMs, log }, { code, input }) =>
    sandbox.run({
      code,
      input,
      timeoutMs: Math.max(0, leftMs - RESERVE_MS),
      signal,
      log,
      owner: run.workspaceId,
    });
}
