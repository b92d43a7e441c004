import type { FlowStats, StatsQuery } from '#core/api/flows.ts';
import { runStatusSchema, type RunStatus } from '#core/api/runs.ts';
import { prisma } from '#server/db/prisma.ts';
import { toDate } from '#server/db/to-date.ts';
import { findFlow } from '#server/flows/find-flow.ts';
import { selectFlowStats, type FlowStatsRow } from '#server/sql/select-flow-stats.ts';

const DAY_MS = 86_400_000;

/** What the flow did in a window. `accepted` is always the sum of the runs plus `deduplicated`. Throws 404. */
export async function readFlowStats(
  workspaceId: string,
  slug: string,
  query: StatsQuery,
): Promise<FlowStats> {
  const flow = await findFlow(prisma(), workspaceId, slug);
  const to = toDate(query.to);
  const from = toDate(query.from) ?? new Date((to?.getTime() ?? Date.now()) - DAY_MS);
  const row = await selectFlowStats(flow.id, { from, to });
  const runs = countEveryStatus(row);
  const ended = runs.succeeded + runs.failed;
  return {
    from: from.toISOString(),
    to: to?.toISOString() ?? null,
    accepted: Object.values(runs).reduce((sum, count) => sum + count, 0) + row.deduplicated,
    deduplicated: row.deduplicated,
    runs,
    successRate: ended === 0 ? null : runs.succeeded / ended,
    toFirstStepMs: percentiles(row.to_first_step),
    runTimeMs: percentiles(row.run_time),
  };
}

function countEveryStatus(row: FlowStatsRow): Record<RunStatus, number> {
  const entries = runStatusSchema.options.map((status) => [status, row.runs[status] ?? 0] as const);
  return Object.fromEntries(entries) as Record<RunStatus, number>;
}

function percentiles(values: FlowStatsRow['run_time']): FlowStats['runTimeMs'] {
  // percentile_cont gives null over no rows, an array of nulls where every row is null.
  const [p50, p95, p99] = values ?? [null, null, null];
  return { p50, p95, p99 };
}
