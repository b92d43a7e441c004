import type pg from 'pg';

import type { ReplayRequest } from '#core/api/replay.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { PlanGraph } from '#core/plan-graph.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { ProblemError } from '#server/problem.ts';
import { graphOf } from '#server/recovery/graph-of.ts';
import { findVersion, type OriginalRun } from '#server/sql/replay-rows.ts';

/** The version that a replay runs. */
export interface ReplayVersion {
  readonly id: string;
  readonly number: number | null;
  readonly document: FlowDocument;
  readonly graph: PlanGraph;
}

/**
 * The version that a replay asks for: that of the original run, the published one, or one by its number. Throws 409 where there
 * is none to run, 422 for a number that does not exist.
 */
export async function pickReplayVersion(
  client: pg.ClientBase,
  original: OriginalRun,
  wanted: ReplayRequest['version'],
): Promise<ReplayVersion> {
  if (wanted === 'original')
    return ready({ id: original.versionId, number: original.versionNumber, document: original.document });
  const number = wanted === 'latest' ? null : wanted;
  const found = await findVersion(client, { flowId: original.flowId, number });
  if (found) return ready(found);
  if (number !== null) throw invalidAt('/version', 'unknown_version', `The flow has no version ${number}.`);
  throw new ProblemError({
    status: 409,
    code: 'not_published',
    title: 'The flow is not published',
    detail: `The flow “${original.flow}” has no published version. Publish it, or replay with the run's own version.`,
  });
}

function ready(version: { id: string; number: number | null; document: unknown }): ReplayVersion {
  return { ...version, document: storedDocument(version.document), graph: graphOf(version.document) };
}
