import type { ReplayPlan, ResumeRequest } from '#core/api/replay.ts';
import type { Run } from '#core/api/runs.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { crashPoint } from '#server/crash-point.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import { prepareResume } from '#server/recovery/prepare-resume.ts';
import { resumeRunIn } from '#server/recovery/resume-run.ts';
import { readRun } from '#server/runs/read-run.ts';
import { runId } from '#server/runs/run-id.ts';

type Resume = Omit<ResumeRequest, 'dryRun'>;

/** Has a failed run go on, for a person: with an audit entry. Throws as `resumeRunIn`. */
export async function requestResume(actor: Actor, id: string, { nodeId, input }: Resume): Promise<Run> {
  const target = { workspaceId: actor.workspaceId, runId: runId(id) };
  await queueReady();
  const notices = await inClientTransaction(async (client) => {
    const changed = await resumeRunIn(client, { ...target, nodeId, input });
    const hasInput = input !== undefined;
    await insertAudit(client, actor, {
      action: 'run.resume',
      resource: `run:${target.runId}`,
      detail: { flow: changed.at(-1)?.flow ?? '', hasInput, ...(nodeId !== undefined && { nodeId }) },
    });
    crashPoint('resume.before_commit');
    return changed;
  });
  crashPoint('resume.after_commit');
  publishRunChanges(notices);
  return readRun(target.workspaceId, target.runId);
}

/** What resuming would do. Changes nothing. Throws as `resumeRunIn`. */
export async function previewResume(
  actor: Actor,
  id: string,
  { nodeId, input }: Resume,
): Promise<ReplayPlan> {
  const target = { workspaceId: actor.workspaceId, runId: runId(id), nodeId, input };
  return inClientTransaction(async (client) => (await prepareResume(client, target)).plan);
}
