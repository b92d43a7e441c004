import type { RunServices } from '#connectors/contract.ts';
import { StepFailure } from '#core/step-failure.ts';
import { askApproval } from '#server/approvals/ask-approval.ts';
import { expireApproval } from '#server/approvals/expire-approval.ts';
import { meansDatabaseAway } from '#server/ingress/database-health.ts';
import { callFlow } from '#server/runs/call-flow.ts';
import type { AskingStep } from '#worker/run-step.ts';

/**
 * What one attempt of a step may ask of its run, but for the sandbox (`worker/sandbox`), which needs no database. Asked again,
 * after whatever crash, each service answers as it did.
 */
export function runServices(step: AskingStep): Omit<RunServices, 'runCode'> {
  const { run, nodeId, key } = step;
  const asking = { workspaceId: run.workspaceId, runId: run.id, nodeId, key };
  return {
    callFlow: (call) => answered(() => callFlow(asking, call)),
    ask: (question) => answered(() => askApproval(asking, question)),
    expire: (approvalId) => answered(() => expireApproval(approvalId)),
  };
}

/** A database that is away comes back; whatever else it says is ours to mend. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!meansDatabaseAway(error)) throw error;
    const message = 'The database did not answer just now.';
    throw new StepFailure({ kind: 'transient', code: 'database_away', message }, { cause: error });
  }
}
