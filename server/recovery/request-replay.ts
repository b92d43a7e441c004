import type { ReplayPlan, ReplayRequest } from '#core/api/replay.ts';
import type { Run } from '#core/api/runs.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import { prepareReplay } from '#server/recovery/prepare-replay.ts';
import { replayRunIn } from '#server/recovery/replay-run.ts';
import { readRun } from '#server/runs/read-run.ts';
import { runId } from '#server/runs/run-id.ts';

type Replay = Omit<ReplayRequest, 'dryRun'>;

/** Replays a run, for a person: with an audit entry. Resolves to the new run. Throws as `replayRunIn`. */
export async function requestReplay(actor: Actor, id: string, request: Replay): Promise<Run> {
  const target = { workspaceId: actor.workspaceId, runId: runId(id), request };
  await queueReady();
  const replay = await inClientTransaction(async (client) => {
    const made = await replayRunIn(client, target);
    const { from, input, version } = request;
    await insertAudit(client, actor, {
      action: 'run.replay',
      resource: `run:${target.runId}`,
      detail: {
        flow: made.notices[0]?.flow ?? '',
        replay: made.runId,
        version,
        hasInput: input !== undefined,
        ...(from !== undefined && { from }),
      },
    });
    return made;
  });
  publishRunChanges(replay.notices);
  return readRun(target.workspaceId, replay.runId);
}

/** What a replay would do. Changes nothing. Throws as `replayRunIn`. */
export async function previewReplay(actor: Actor, id: string, request: Replay): Promise<ReplayPlan> {
  const target = { workspaceId: actor.workspaceId, runId: runId(id), request };
  return inClientTransaction(async (client) => (await prepareReplay(client, target)).planned.plan);
}
