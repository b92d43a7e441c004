import type pg from 'pg';

import { crashPoint } from '#server/crash-point.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { log } from '#server/log.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { keysOfEvent } from '#server/runs/keys-of-event.ts';
import { jsonEvent } from '#server/runs/manual-event.ts';
import { moveSchedules, takeDueSchedules, type DueSchedule } from '#server/sql/due-schedules.ts';
import { insertRun } from '#server/sql/insert-run.ts';
import { planTick } from '#worker/triggers/plan-tick.ts';

/** Few enough that the first of them does not wait for the last. */
const BATCH = 50;
/** A clock that cannot be reckoned any more is looked at again after this. */
const BROKEN_MS = 3_600_000;

/**
 * Starts the runs of all schedules that are due at `now`; event, run and next tick commit together. The planned time is the
 * event's key, so that no tick runs twice, whoever else fires. Resolves to the number of runs.
 */
export async function fireDueSchedules(now: Date): Promise<number> {
  await queueReady();
  let started = 0;
  for (;;) {
    const batch = await inClientTransaction((client) => fireBatch(client, now));
    if (batch.taken > 0) crashPoint('schedule.after_commit');
    publishRunChanges(batch.started);
    started += batch.started.length;
    if (batch.taken < BATCH) return started;
  }
}

async function fireBatch(
  client: pg.ClientBase,
  now: Date,
): Promise<{ readonly taken: number; readonly started: readonly RunNotice[] }> {
  const due = await takeDueSchedules(client, { now, limit: BATCH });
  const started: RunNotice[] = [];
  const moves: { flowId: string; nextAt: Date }[] = [];
  for (const schedule of due) {
    const { fireAt, nextAt } = planOrPostpone(schedule, now);
    moves.push({ flowId: schedule.flowId, nextAt });
    const notice = fireAt && (await startRun(client, schedule, fireAt));
    if (notice) started.push(notice);
  }
  if (moves.length > 0) await moveSchedules(client, moves);
  await wakeRuns(
    client,
    started.map(({ id }) => id),
  );
  if (due.length > 0) crashPoint('schedule.before_commit');
  return { taken: due.length, started };
}

/** One clock that is broken must not stop the others. */
function planOrPostpone(schedule: DueSchedule, now: Date): ReturnType<typeof planTick> {
  try {
    return planTick(schedule, now);
  } catch (error) {
    log.error({ err: error, part: 'triggers', flow: schedule.slug }, 'a schedule cannot be reckoned');
    return { fireAt: null, nextAt: new Date(now.getTime() + BROKEN_MS) };
  }
}

/** Undefined when this tick has its run already. */
async function startRun(
  client: pg.ClientBase,
  schedule: DueSchedule,
  plannedAt: Date,
): Promise<RunNotice | undefined> {
  const { flowId, workspaceId, slug, name, versionNumber } = schedule;
  const event = jsonEvent({ plannedAt: plannedAt.toISOString() });
  const document = storedDocument(schedule.document);
  const runId = uuidv7();
  const isNew = await insertRun(client, {
    runId,
    eventId: uuidv7(),
    workspaceId,
    flow: { id: flowId, slug, name },
    version: { id: schedule.versionId, number: versionNumber },
    kind: 'schedule',
    event,
    dedupeKey: plannedAt.toISOString(),
    ...(await keysOfEvent(document, event, { slug, version: versionNumber })),
  });
  return isNew ? { id: runId, workspaceId, flow: slug, status: 'queued' } : undefined;
}
