import type pg from 'pg';

import type { Dashboard, DashboardQuery } from '#core/api/stats.ts';
import { countOf, percentilesOf } from '#core/stats/histogram.ts';
import { spanBefore, timePoints, type TimeSpan } from '#core/stats/time-points.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { prisma } from '#server/db/prisma.ts';
import { selectQueue } from '#server/sql/select-queue.ts';
import { selectCountsByFlow, selectStatsUntil } from '#server/sql/select-stats.ts';
import { placePieces, readSeries, readStepTimes, settledAt } from '#server/stats/read-stats.ts';

/** What a workspace, or a flow of it, did in a range that ends now, beside the range before, and how it is just now. */
export async function readDashboard(workspaceId: string, query: DashboardQuery): Promise<Dashboard> {
  const labels = query.flow ? await readLabels(workspaceId, query.flow) : NO_LABELS;
  return inClientTransaction(async (client) => {
    await client.query(ONE_SNAPSHOT);
    return read(client, { workspaceId, query, labels });
  });
}

/**
 * Everything out of one snapshot, so that it adds up. A little of large tables is read by index: the planner cannot know how short
 * the pieces of time are, would read whole tables, and compile that first.
 */
const ONE_SNAPSHOT = `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL jit = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off`;

const NO_LABELS: ReadonlyMap<string, string> = new Map();

interface Question {
  readonly workspaceId: string;
  readonly query: DashboardQuery;
  readonly labels: ReadonlyMap<string, string>;
}

async function read(client: pg.ClientBase, { workspaceId, query, labels }: Question): Promise<Dashboard> {
  const flow = query.flow || undefined;
  const points = timePoints(query.range, Date.now(), query.timezone);
  const span: TimeSpan = { from: points[0]!.from, to: points.at(-1)!.to };
  const of = { workspaceId, flow };
  const series = await readSeries(client, { ...of, points });
  const before = await readSeries(client, { ...of, points: [spanBefore(span)] });
  const flows = flow === undefined ? await readFlows(client, workspaceId, span) : [];
  const steps = flow === undefined ? [] : await readSteps(client, { workspaceId, flow, span }, labels);
  const now = await selectQueue(client, of);
  const until = await selectStatsUntil(client);
  return {
    ...toTimes(span),
    countedUntil: until?.toISOString() ?? null,
    total: series.total,
    before: before.total,
    points: points.map((point, index) => ({ ...toTimes(point), ...series.points[index]! })),
    flows,
    steps,
    now,
  };
}

async function readFlows(
  database: pg.ClientBase,
  workspaceId: string,
  span: TimeSpan,
): Promise<Dashboard['flows']> {
  const pieces = placePieces([span], await settledAt(database));
  const rows = await selectCountsByFlow(database, workspaceId, pieces);
  return rows.map(({ name, ...row }) => ({ ...row, flowName: name ?? row.flow }));
}

async function readSteps(
  database: pg.ClientBase,
  question: { workspaceId: string; flow: string; span: TimeSpan },
  labels: ReadonlyMap<string, string>,
): Promise<Dashboard['steps']> {
  const times = await readStepTimes(database, question);
  return [...times]
    .map(([nodeId, histogram]) => ({
      nodeId,
      label: labels.get(nodeId) ?? nodeId,
      times: countOf(histogram),
      timeMs: percentilesOf(histogram),
    }))
    .sort((a, b) => (b.timeMs.p95 ?? 0) - (a.timeMs.p95 ?? 0));
}

/** Labels of the draft's nodes; those that are not in it any more go by their id. */
async function readLabels(workspaceId: string, slug: string): Promise<ReadonlyMap<string, string>> {
  const flow = await prisma().flow.findUnique({
    where: { workspaceId_slug: { workspaceId, slug } },
    select: { draft: true },
  });
  const { nodes = [] } = (flow?.draft ?? {}) as { nodes?: readonly { id: string; label?: string }[] };
  return new Map(nodes.map(({ id, label }) => [id, label || id]));
}

function toTimes({ from, to }: TimeSpan): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
