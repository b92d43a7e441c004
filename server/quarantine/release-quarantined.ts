import type pg from 'pg';

import { uuidv7 } from '#server/db/uuid.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { businessKeyOf } from '#server/runs/business-key-of.ts';
import { concurrencyOf } from '#server/runs/concurrency-of.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';
import { lockQuarantined, releaseEvent, type HeldEvent } from '#server/sql/quarantine-rows.ts';

export interface ReleasedEvent {
  readonly eventId: string;
  readonly runId: string;
  /** Its slug. */
  readonly flow: string;
}

/**
 * Gives quarantined events their runs, of the version that is published now, oldest first, in the client's transaction. Passes over
 * what is no longer in quarantine. The queue must be ready; changes of runs are told by the caller, after the commit.
 */
export async function releaseIn(
  client: pg.ClientBase,
  { workspaceId, eventIds }: { readonly workspaceId: string; readonly eventIds: readonly string[] },
): Promise<readonly ReleasedEvent[]> {
  const released: ReleasedEvent[] = [];
  for (const event of await lockQuarantined(client, workspaceId, eventIds)) {
    const runId = uuidv7();
    await releaseEvent(client, { runId, workspaceId, event, ...(await keysOf(event)) });
    released.push({ eventId: event.id, runId, flow: event.slug });
  }
  if (released.length > 0)
    await wakeRuns(
      client,
      released.map(({ runId }) => runId),
    );
  return released;
}

async function keysOf(event: HeldEvent) {
  const { settings } = storedDocument(event.document);
  const given = { trigger: () => triggerValue(event), flow: { slug: event.slug, version: event.version } };
  return {
    concurrency: await concurrencyOf(settings, given),
    businessKey: await businessKeyOf(settings, given),
  };
}
