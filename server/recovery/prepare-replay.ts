import type pg from 'pg';

import { catalog } from '#connectors/definitions.ts';
import type { ReplayRequest } from '#core/api/replay.ts';
import { planReplay, type PlannedReplay } from '#core/replay/plan-replay.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import { graphOf } from '#server/recovery/graph-of.ts';
import { pickReplayVersion, type ReplayVersion } from '#server/recovery/pick-replay-version.ts';
import { replayBeginning, type ReplayBeginning } from '#server/recovery/replay-beginning.ts';
import { noRun } from '#server/runs/run-id.ts';
import {
  holdFlowOf,
  holdOriginal,
  selectDoneNodes,
  selectRootSteps,
  type OriginalRun,
} from '#server/sql/replay-rows.ts';

export interface ReplayTarget {
  readonly workspaceId: string;
  readonly runId: string;
  readonly request: Omit<ReplayRequest, 'dryRun'>;
}

/** A replay that nothing stands in the way of, its original held to the end of the transaction. */
export interface PreparedReplay {
  readonly original: OriginalRun;
  readonly version: ReplayVersion;
  readonly beginning: ReplayBeginning;
  readonly planned: PlannedReplay;
}

/** Holds a run and decides what a replay of it does. Changes nothing. Throws 404, 409 and 422 as `replayRunIn` does. */
export async function prepareReplay(
  client: pg.ClientBase,
  { workspaceId, runId, request }: ReplayTarget,
): Promise<PreparedReplay> {
  await holdFlowOf(client, runId);
  const original = await holdOriginal(client, { workspaceId, runId });
  if (!original) throw noRun(runId);
  const version = await pickReplayVersion(client, original, request.version);
  const beginning = await replayBeginning(client, original, { version, request });
  return { original, version, beginning, planned: await planOf(client, original, { version, request }) };
}

async function planOf(
  client: pg.ClientBase,
  original: OriginalRun,
  { version, request }: { readonly version: ReplayVersion; readonly request: Pick<ReplayRequest, 'from'> },
): Promise<PlannedReplay> {
  const { from } = request;
  if (from !== undefined && !version.graph.root.some(({ node }) => node.id === from))
    throw invalidAt('/from', 'unknown_node', beginElsewhere(from));
  const pinned = new Set(original.pinned);
  const steps = await selectRootSteps(client, original.id);
  // Without `from` nothing is taken over, so that the original's own document need not be readable any more.
  const isSame = from === undefined || version.id === original.versionId;
  const planned = planReplay({
    catalog,
    version,
    original: {
      version: original.versionNumber,
      graph: isSame ? version.graph : graphOf(original.document),
      status: original.status,
      recorded: new Map(steps.map((step) => [step.nodeId, step])),
      done: new Set((await selectDoneNodes(client, original.id)).filter((id) => !pinned.has(id))),
    },
    from,
  });
  refuse(from ?? '', planned);
  return withPinWarning(planned, pinned);
}

/** A replay is a real run: nothing in it is pinned. */
function withPinWarning(planned: PlannedReplay, pinned: ReadonlySet<string>): PlannedReplay {
  const called = planned.plan.effects.filter(({ nodeId }) => pinned.has(nodeId));
  if (called.length === 0) return planned;
  const names = called.map(({ label }) => label).join(', ');
  const warning = `Answered with a pin in the original run, and really called in the replay: ${names}.`;
  return { ...planned, plan: { ...planned.plan, warnings: [...planned.plan.warnings, warning] } };
}

function beginElsewhere(from: string): string {
  return `A replay cannot begin at “${from}”: this version has no such step outside of loops.`;
}

function refuse(from: string, { isUnreachable, undone }: PlannedReplay): void {
  if (isUnreachable) {
    const message = `No way led to “${from}” in the original run: a choice before it went elsewhere. Begin there or before, or from the trigger.`;
    throw invalidAt('/from', 'not_reached', message);
  }
  if (undone) {
    const message = `“${undone.node.label ?? undone.node.id}” was undone when the original run failed, so what it did cannot be taken over. Begin there or before.`;
    throw invalidAt('/from', 'was_undone', message);
  }
}
