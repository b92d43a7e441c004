import type pg from 'pg';

import { uuidv7 } from '#server/db/uuid.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { keysOfStored } from '#server/runs/keys-of-event.ts';
import { lockQuarantined, releaseEvent } from '#server/sql/quarantine-rows.ts';

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
    await releaseEvent(client, {
      runId,
      workspaceId,
      event,
      ...(await keysOfStored(storedDocument(event.document), event, event)),
    });
    released.push({ eventId: event.id, runId, flow: event.slug });
  }
  if (released.length > 0)
    await wakeRuns(
      client,
      released.map(({ runId }) => runId),
    );
  return released;
}
