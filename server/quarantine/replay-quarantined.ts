import type { ReplayedQuarantined } from '#core/api/drift.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { businessKeyOf } from '#server/runs/business-key-of.ts';
import { concurrencyOf } from '#server/runs/concurrency-of.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';
import { lockQuarantined, releaseEvent, type HeldEvent } from '#server/sql/quarantine-rows.ts';

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
    const runs = [];
    for (const event of await lockQuarantined(client, workspaceId, eventIds)) {
      const runId = uuidv7();
      await releaseEvent(client, { runId, workspaceId, event, ...(await keysOf(event)) });
      runs.push({ eventId: event.id, runId, flow: event.slug });
    }
    if (runs.length > 0) {
      await wakeRuns(
        client,
        runs.map(({ runId }) => runId),
      );
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

async function keysOf(event: HeldEvent) {
  const { settings } = storedDocument(event.document);
  const given = { trigger: () => triggerValue(event), flow: { slug: event.slug, version: event.version } };
  return {
    concurrency: await concurrencyOf(settings, given),
    businessKey: await businessKeyOf(settings, given),
  };
}
