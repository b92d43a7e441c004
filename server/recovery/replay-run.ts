import type pg from 'pg';

import type { PlanNode } from '#core/plan-graph.ts';
import { withBody } from '#core/replay/taken-over.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { prepareReplay, type PreparedReplay, type ReplayTarget } from '#server/recovery/prepare-replay.ts';
import { insertReplay, insertReplayEvent, markRedriven, takeOverSteps } from '#server/sql/replay-rows.ts';

/**
 * Makes a new run out of an earlier one, in the client's transaction: keys of its own, the same event unless `input` makes
 * another. With `from`, steps that do not come after it are taken over. With `isRedrive` the dead letter of the original is
 * marked redriven; by default it stays as it is. Await `queueReady` before the transaction. Resolves to the new run, and to the
 * changes that the caller publishes (`publishRunChanges`) after the commit. Throws 404, 409 when the version cannot run, 422
 * for a node or an input that does not fit.
 */
export async function replayRunIn(
  client: pg.ClientBase,
  target: ReplayTarget & { readonly isRedrive?: boolean },
): Promise<{ readonly runId: string; readonly notices: readonly RunNotice[] }> {
  const prepared = await prepareReplay(client, target);
  const { id: originalId, workspaceId, flow } = prepared.original;
  const runId = await storeReplay(client, prepared, target.request.from ?? null);
  await takeOver(client, { runId, originalId, roots: prepared.planned.takenOver });
  if (target.isRedrive) await markRedriven(client, originalId);
  await wakeRuns(client, [runId]);
  return { runId, notices: [{ id: runId, workspaceId, flow, status: 'queued' }] };
}

async function storeReplay(
  client: pg.ClientBase,
  { original, version, beginning }: PreparedReplay,
  from: string | null,
): Promise<string> {
  const { newEvent, overrides, concurrency, businessKey } = beginning;
  const { workspaceId, flowId } = original;
  const eventId = newEvent ? uuidv7() : original.eventId;
  if (newEvent && eventId) await insertReplayEvent(client, { ...newEvent, id: eventId, workspaceId, flowId });
  const id = uuidv7();
  await insertReplay(client, { id, original, version, eventId, from, overrides, concurrency, businessKey });
  return id;
}

async function takeOver(
  client: pg.ClientBase,
  replay: { readonly runId: string; readonly originalId: string; readonly roots: readonly PlanNode[] },
): Promise<void> {
  const nodes = replay.roots.flatMap(withBody).map(({ node }) => node);
  if (nodes.length === 0) return;
  const ids = nodes.map(({ id }) => id);
  const responding = nodes.filter(({ type }) => type === 'core.respond').map(({ id }) => id);
  await takeOverSteps(client, { id: replay.runId, originalId: replay.originalId }, { ids, responding });
}
