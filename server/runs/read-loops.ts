import type { Page } from '#core/api/common.ts';
import type { Counts, Iteration, IterationListQuery, Loop, Loops } from '#core/api/loops.ts';
import type { StepStatus } from '#core/api/runs.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import { loopBody, loopDepth, nodesWithin } from '#core/loop-body.ts';
import { z } from 'zod';

import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { prisma } from '#server/db/prisma.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { notFound } from '#server/problem.ts';
import { noRun, runId } from '#server/runs/run-id.ts';
import { isoTime } from '#server/runs/to-run-summary.ts';
import {
  countItems,
  countIterations,
  countSteps,
  selectIterations,
  type IterationFilter,
} from '#server/sql/select-iterations.ts';

interface RunPlace {
  readonly workspaceId: string;
  readonly id: string;
}

/** The loops that stand in one iteration of `within` (or outside of all), and how far each has come. Throws 404. */
export async function readLoops(
  { workspaceId, id }: RunPlace,
  { within: parent, path: key = '' }: { readonly within?: string; readonly path?: string },
): Promise<Loops> {
  const document = await runDocument({ workspaceId, id });
  const loopIds = loopsIn(document, parent);
  if (loopIds.length === 0) return { loops: [], nodes: [] };
  const within = loopIds.flatMap((loopId) => nodesWithin(document, loopId).map((node) => node.id));
  const [items, steps, ...iterations] = await Promise.all([
    countItems(runId(id), loopIds, key),
    countSteps(runId(id), within, key),
    ...loopIds.map((loopId) => countIterations(filterOf(document, { id, loopId, key }))),
  ]);
  const byNode = Map.groupBy(steps, (row) => row.nodeId);
  return {
    loops: loopIds.flatMap((nodeId, at): Loop[] =>
      items.has(nodeId)
        ? [{ nodeId, key, items: items.get(nodeId) ?? null, iterations: toCounts(iterations[at] ?? []) }]
        : [],
    ),
    nodes: [...byNode].map(([nodeId, rows]) => ({ nodeId, steps: toCounts(rows) })),
  };
}

const placeSchema = z.strictObject({ from: z.int().min(0) });

/** The iterations of a loop that began, in the order of its items, a page at a time. Throws 404. */
export async function listIterations(
  { workspaceId, id }: RunPlace,
  loopId: string,
  { path: key = '', status, from = 0, limit, cursor }: IterationListQuery,
): Promise<Page<Iteration>> {
  const document = await runDocument({ workspaceId, id });
  const after = decodeCursor(cursor, placeSchema);
  if (loopBody(document, loopId).length === 0 || loopDepth(document, loopId) !== depthOf(key))
    throw notFound(`loop “${loopId.slice(0, 63)}” at this place of the run`);
  const rows = await selectIterations(filterOf(document, { id, loopId, key }), {
    status,
    from: Math.max(from, after?.from ?? 0),
    limit: limit + 1,
  });
  const page = pageOf(rows, limit, (row) => ({ from: row.index + 1 }));
  const data = page.data.map((row) => ({
    ...row,
    startedAt: isoTime(row.startedAt),
    finishedAt: isoTime(row.finishedAt),
    error: fromStoredJson((row.error ?? null) as Json) as Iteration['error'],
  }));
  return { data, next: page.next };
}

/** The document that a run is pinned to. Throws 404. */
export async function runDocument({ workspaceId, id }: RunPlace): Promise<FlowDocument> {
  const run = await prisma().run.findFirst({
    where: { id: runId(id), workspaceId },
    select: { flowVersion: { select: { document: true } } },
  });
  if (!run) throw noRun(id);
  return storedDocument(run.flowVersion.document);
}

/** Loops right inside of a loop, or outside of all. */
function loopsIn(document: FlowDocument, parent: string | undefined): readonly string[] {
  const containers = new Set(document.nodes.flatMap((node) => node.parent ?? []));
  return document.nodes
    .filter((node) => containers.has(node.id) && node.parent === parent)
    .map(({ id }) => id);
}

function filterOf(
  document: FlowDocument,
  { id, loopId, key }: { readonly id: string; readonly loopId: string; readonly key: string },
): IterationFilter {
  const body = loopBody(document, loopId);
  const failing = body.filter(({ onError = 'fail' }) => onError === 'fail');
  return {
    runId: runId(id),
    bodyIds: body.map((node) => node.id),
    failingIds: failing.map((node) => node.id),
    key,
  };
}

function depthOf(key: string): number {
  return key === '' ? 0 : key.split('.').length;
}

function toCounts(rows: readonly { readonly status: StepStatus; readonly count: number }[]): Counts {
  const counts = { running: 0, waiting: 0, in_doubt: 0, succeeded: 0, failed: 0, skipped: 0, cancelled: 0 };
  for (const { status, count } of rows) counts[status] = count;
  return counts;
}
