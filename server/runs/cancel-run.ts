import type { Run, RunStatus } from '#core/api/runs.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { ProblemError } from '#server/problem.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { readRun } from '#server/runs/read-run.ts';
import { noRun, runId } from '#server/runs/run-id.ts';
import { requestCancel } from '#server/sql/request-cancel.ts';

/** Asks for a run to stop; the worker that holds it, or the next to claim it, does. Throws 404, and 409 when it has ended. */
export async function cancelRun(actor: Actor, id: string): Promise<Run> {
  const target = { runId: runId(id), workspaceId: actor.workspaceId };
  await queueReady();
  const { flow, status } = await inClientTransaction(async (client) => {
    const run = await requestCancel(client, target);
    if (!run) throw noRun(id);
    if (run.ended) throw alreadyEnded(run.status);
    if (run.first) {
      await insertAudit(client, actor, {
        action: 'run.cancel',
        resource: `run:${target.runId}`,
        detail: { flow: run.flow },
      });
      await wakeRuns(client, [target.runId]);
    }
    return run;
  });
  publishRunChanges([{ id: target.runId, workspaceId: actor.workspaceId, flow, status }]);
  return readRun(actor.workspaceId, target.runId);
}

function alreadyEnded(status: RunStatus): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'run_ended',
    title: 'The run has ended',
    detail: `The run has ended already (${status}); there is nothing to cancel.`,
  });
}
