import type pg from 'pg';

import type { ReplayRequest } from '#core/api/replay.ts';
import type { PlanNode } from '#core/plan-graph.ts';
import { takenOver, withBody } from '#core/replay/taken-over.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { graphOf } from '#server/recovery/graph-of.ts';
import { pickReplayVersion, type ReplayVersion } from '#server/recovery/pick-replay-version.ts';
import { replayBeginning, type ReplayBeginning } from '#server/recovery/replay-beginning.ts';
import { noRun } from '#server/runs/run-id.ts';
import {
  holdFlowOf,
  holdOriginal,
  insertReplay,
  insertReplayEvent,
  markRedriven,
  selectRootSteps,
  takeOverSteps,
  type OriginalRun,
} from '#server/sql/replay-rows.ts';

export interface ReplayTarget {
  readonly workspaceId: string;
  readonly runId: string;
  readonly request: Omit<ReplayRequest, 'dryRun'>;
  /** True deals with the dead letter of the original; by default it stays as it is. */
  readonly isRedrive?: boolean;
}

/**
 * Makes a new run out of an earlier one, in the client's transaction: keys of its own, the same event unless `input` makes
 * another. With `from`, steps that do not come after it are taken over. Await `queueReady` before the transaction. Resolves to
 * the new run, and to the changes that the caller publishes (`publishRunChanges`) after the commit. Throws 404, 409 when the
 * version cannot run, 422 for a node or an input that does not fit.
 */
export async function replayRunIn(
  client: pg.ClientBase,
  target: ReplayTarget,
): Promise<{ readonly runId: string; readonly notices: readonly RunNotice[] }> {
  const { request } = target;
  await holdFlowOf(client, target.runId);
  const original = await holdOriginal(client, target);
  if (!original) throw noRun(target.runId);
  const version = await pickReplayVersion(client, original, request.version);
  const beginning = await replayBeginning(client, original, { version, request });
  const reused = await reusedBy(client, original, { version, request });
  const runId = await storeReplay(client, original, { version, beginning, from: request.from ?? null });
  await takeOver(client, { runId, originalId: original.id, reused });
  if (target.isRedrive) await markRedriven(client, original.id);
  await wakeRuns(client, [runId]);
  const { workspaceId, flow } = original;
  return { runId, notices: [{ id: runId, workspaceId, flow, status: 'queued' }] };
}

/** The nodes of the root whose steps are taken over. */
async function reusedBy(
  client: pg.ClientBase,
  original: OriginalRun,
  { version, request }: { readonly version: ReplayVersion; readonly request: Pick<ReplayRequest, 'from'> },
): Promise<readonly PlanNode[]> {
  const { from } = request;
  if (from === undefined) return [];
  const { graph } = version;
  if (!graph.root.some(({ node }) => node.id === from))
    throw invalidAt(
      '/from',
      'unknown_node',
      `A replay cannot begin at “${from}”: name a step outside of loops.`,
    );
  const steps = await selectRootSteps(client, original.id);
  const recorded = new Map(steps.map((step) => [step.nodeId, step]));
  return takenOver({ graph, original: graphOf(original.document), recorded, from });
}

async function storeReplay(
  client: pg.ClientBase,
  original: OriginalRun,
  replay: {
    readonly version: ReplayVersion;
    readonly beginning: ReplayBeginning;
    readonly from: string | null;
  },
): Promise<string> {
  const { version, from } = replay;
  const { newEvent, overrides, concurrency } = replay.beginning;
  const eventId = newEvent ? uuidv7() : original.eventId;
  const { workspaceId, flowId } = original;
  if (newEvent && eventId) await insertReplayEvent(client, { ...newEvent, id: eventId, workspaceId, flowId });
  const id = uuidv7();
  await insertReplay(client, { id, original, version, eventId, from, overrides, concurrency });
  return id;
}

async function takeOver(
  client: pg.ClientBase,
  replay: { readonly runId: string; readonly originalId: string; readonly reused: readonly PlanNode[] },
): Promise<void> {
  const nodes = replay.reused.flatMap(withBody).map(({ node }) => node);
  if (nodes.length === 0) return;
  const ids = nodes.map(({ id }) => id);
  const responding = nodes.filter(({ type }) => type === 'core.respond').map(({ id }) => id);
  await takeOverSteps(client, { id: replay.runId, originalId: replay.originalId }, { ids, responding });
}
