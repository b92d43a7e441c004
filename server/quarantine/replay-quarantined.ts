import type { ReplayedQuarantined } from '#core/api/drift.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import { releaseIn } from '#server/quarantine/release-quarantined.ts';

/**
 * Gives quarantined events the run that they did not get, of the version that is published now, oldest first. Each gets one, however
 * often it is asked for: what is no longer in quarantine is passed over.
 */
export async function replayQuarantined(
  actor: Actor,
  eventIds: readonly string[],
): Promise<ReplayedQuarantined> {
  const { workspaceId } = actor;
  await queueReady();
  const released = await inClientTransaction(async (client) => {
    const runs = await releaseIn(client, { workspaceId, eventIds });
    if (runs.length > 0) {
      await insertAudit(client, actor, {
        action: 'quarantine.replay',
        resource: runs.length === 1 ? `event:${runs[0]!.eventId}` : 'quarantine',
        detail: { runs: runs.map(({ runId }) => runId) },
      });
    }
    return runs;
  });
  publishRunChanges(
    released.map(({ runId, flow }) => ({ id: runId, workspaceId, flow, status: 'queued' as const })),
  );
  const done = new Set(released.map(({ eventId }) => eventId));
  return {
    runs: released.map(({ eventId, runId }) => ({ eventId, runId })),
    skipped: eventIds.filter((id) => !done.has(id)),
  };
}
