import type pg from 'pg';

import type { Dashboard, DashboardQuery } from '#core/api/stats.ts';
import { countOf, percentilesOf } from '#core/stats/histogram.ts';
import { spanBefore, timePoints, type TimeSpan } from '#core/stats/time-points.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { prisma } from '#server/db/prisma.ts';
import { selectQueue } from '#server/sql/select-queue.ts';
import { selectCountsByFlow, selectStatsUntil } from '#server/sql/select-stats.ts';
import { placePieces, readSeries, readStepTimes } from '#server/stats/read-stats.ts';

/** What a workspace, or a flow of it, did in a range that ends now, beside the range before, and how it is just now. */
export async function readDashboard(workspaceId: string, query: DashboardQuery): Promise<Dashboard> {
  const labels = query.flow ? await readLabels(workspaceId, query.flow) : NO_LABELS;
  return inClientTransaction(async (client) => {
    await client.query(ONE_SNAPSHOT);
    return read(client, { workspaceId, query, labels });
  });
}

/**
 * Everything out of one snapshot, so that it adds up. A little of large tables is read by index: plans made while the tables were small,
 * or unknown, would read all of them.
 */
const ONE_SNAPSHOT = `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0;
  SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off`;

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
  const until = await selectStatsUntil(client);
  const settled = until?.getTime() ?? 0;
  const series = await readSeries(client, { ...of, points, before: spanBefore(span), settled });
  const flows = flow === undefined ? await readFlows(client, { workspaceId, span, settled }) : [];
  const steps =
    flow === undefined ? [] : await readSteps(client, { workspaceId, flow, span, settled }, labels);
  const now = await selectQueue(client, of);
  return {
    ...toTimes(span),
    countedUntil: until?.toISOString() ?? null,
    total: series.total,
    before: series.before,
    points: points.map((point, index) => ({ ...toTimes(point), ...series.points[index]! })),
    flows,
    steps,
    now,
  };
}

async function readFlows(
  database: pg.ClientBase,
  { workspaceId, span, settled }: { workspaceId: string; span: TimeSpan; settled: number },
): Promise<Dashboard['flows']> {
  const rows = await selectCountsByFlow(database, workspaceId, placePieces([span], settled));
  return rows.map(({ name, ...row }) => ({ ...row, flowName: name ?? row.flow }));
}

async function readSteps(
  database: pg.ClientBase,
  question: { workspaceId: string; flow: string; span: TimeSpan; settled: number },
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
