import type pg from 'pg';

import type { Shape } from '#core/drift/shape.ts';
import type { Json } from '#core/json.ts';
import { crashPoint } from '#server/crash-point.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { unusualParts } from '#server/drift/unusual-parts.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { keysOfEvent } from '#server/runs/keys-of-event.ts';
import { jsonEvent } from '#server/runs/manual-event.ts';
import { selectBodyShape } from '#server/sql/drift-rows.ts';
import { holdFlow } from '#server/sql/hold-flow.ts';
import { insertRun } from '#server/sql/insert-run.ts';
import { knownKeys, rememberKeys } from '#server/sql/known-keys.ts';
import { holdLeasedPoll, recordReply, type PollRow } from '#server/sql/poll-rows.ts';
import { insertQuarantined } from '#server/sql/quarantine-rows.ts';
import type { PollJob } from '#worker/triggers/poll-lease.ts';
import type { PolledItems } from '#worker/triggers/polled-items.ts';

/**
 * Stores what a reply brought: events and runs of the new items, the cursor, and when to ask again, in one transaction. Items that
 * are not as usual get no run where the trigger puts them into quarantine.
 * Stores nothing when the poll is not ours any more, was changed or was taken off the air: whoever has it now asks again, and
 * keys tell what is new. Resolves to the number of runs.
 */
export async function settlePoll(job: PollJob, polled: PolledItems, now: Date): Promise<number> {
  await queueReady();
  const { slug, workspaceId } = job.row;
  const runIds = await inClientTransaction((client) => settle(client, { job, polled, now }));
  crashPoint('poll.after_commit');
  publishRunChanges(runIds.map((id) => ({ id, workspaceId, flow: slug, status: 'queued' as const })));
  return runIds.length;
}

async function settle(
  client: pg.ClientBase,
  { job, polled, now }: { readonly job: PollJob; readonly polled: PolledItems; readonly now: Date },
): Promise<string[]> {
  const { lease, settings, askedAt } = job;
  // Publishing holds the flow first, too.
  if (!(await holdFlow(client, lease.flowId))) return [];
  const row = await holdLeasedPoll(client, lease);
  if (!row) return [];
  const known = await knownKeys(client, row.flowId, [...polled.items.keys()]);
  const fresh = [...polled.items].filter(([key]) => !known.has(key));
  const isSkipped = row.answeredAt === null && settings.first === 'skip';
  if (isSkipped)
    await rememberKeys(
      client,
      row.flowId,
      fresh.map(([key]) => key),
    );
  const learned =
    settings.onDrift === 'quarantine' ? await selectBodyShape(client, row.flowId, row.versionNumber) : null;
  const runIds = isSkipped ? [] : await startRuns(client, row, { fresh, learned });
  await recordReply(client, row.flowId, {
    nextAt: polled.hasMore
      ? now
      : new Date(Math.max(askedAt.getTime() + settings.everySeconds * 1_000, now.getTime())),
    cursor: polled.cursor,
    found: polled.found,
    // What is there already is old down to the last page of it.
    answeredAt: isSkipped && polled.hasMore ? null : now,
  });
  await wakeRuns(client, runIds);
  crashPoint('poll.before_commit');
  return runIds;
}

/** In the order of the reply, which ids keep. */
async function startRuns(
  client: pg.ClientBase,
  row: PollRow,
  {
    fresh,
    learned,
  }: { readonly fresh: readonly (readonly [string, Json])[]; readonly learned: Shape | null },
): Promise<string[]> {
  const { workspaceId, flowId, slug, versionNumber } = row;
  const document = storedDocument(row.document);
  const runIds: string[] = [];
  for (const [dedupeKey, item] of fresh) {
    const runId = uuidv7();
    const eventId = uuidv7();
    const event = jsonEvent(item);
    const mismatches = unusualParts(learned, item);
    if (mismatches.length > 0) {
      const quarantine = toStoredJson(mismatches as unknown as Json);
      const held = { eventId, workspaceId, flow: { id: flowId, slug }, event, dedupeKey, quarantine };
      await insertQuarantined(client, { ...held, kind: 'poll' });
      continue;
    }
    const isNew = await insertRun(client, {
      runId,
      eventId,
      workspaceId,
      flow: { id: flowId, slug, name: row.name },
      version: { id: row.versionId, number: versionNumber },
      kind: 'poll',
      event,
      dedupeKey,
      ...(await keysOfEvent(document, event, { slug, version: versionNumber })),
    });
    if (isNew) runIds.push(runId);
  }
  return runIds;
}
