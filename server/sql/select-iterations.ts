import type { StepStatus } from '#core/api/runs.ts';
import { pool } from '#server/db/pool.ts';

export interface IterationFilter {
  readonly runId: string;
  /** Nodes of the loop's body. */
  readonly bodyIds: readonly string[];
  /** Those of them whose failure fails the iteration. */
  readonly failingIds: readonly string[];
  /** Path of the iteration that the loop stands in; empty for an outermost loop. */
  readonly key: string;
}

export interface IterationRow {
  readonly key: string;
  readonly index: number;
  readonly status: StepStatus;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly error: unknown;
}

/** Iterations of a loop that began, in the order of their items: `limit` of them from an index on. */
export async function selectIterations(
  filter: IterationFilter,
  page: { readonly status?: StepStatus; readonly from: number; readonly limit: number },
): Promise<IterationRow[]> {
  const { rows } = await pool().query<IterationRow>(
    `${ITERATIONS}
     SELECT key, index, status, "startedAt", "finishedAt", error FROM iteration
     WHERE index >= $5 AND ($6::text IS NULL OR status = $6)
     ORDER BY index LIMIT $7`,
    [...placeOf(filter), page.from, page.status, page.limit],
  );
  return rows;
}

/** How many iterations there are of each status. */
export async function countIterations(
  filter: IterationFilter,
): Promise<readonly { readonly status: StepStatus; readonly count: number }[]> {
  const { rows } = await pool().query<{ status: StepStatus; count: number }>(
    `${ITERATIONS} SELECT status, count(*)::int AS count FROM iteration GROUP BY status`,
    [...placeOf(filter)],
  );
  return rows;
}

/** Steps below a path, by node and status. */
export async function countSteps(
  runId: string,
  nodeIds: readonly string[],
  key: string,
): Promise<readonly { readonly nodeId: string; readonly status: StepStatus; readonly count: number }[]> {
  const { rows } = await pool().query<{ nodeId: string; status: StepStatus; count: number }>(
    `SELECT node_id AS "nodeId", status, count(*)::int AS count FROM step
     WHERE run_id = $1 AND node_id = ANY ($2) AND starts_with(key, $3)
     GROUP BY node_id, status`,
    [runId, nodeIds, key === '' ? '' : `${key}.`],
  );
  return rows;
}

/** How many items each of these loops has, as far as their steps know. */
export async function countItems(
  runId: string,
  loopIds: readonly string[],
  key: string,
): Promise<ReadonlyMap<string, number | null>> {
  const { rows } = await pool().query<{ nodeId: string; items: number | null }>(
    `SELECT node_id AS "nodeId",
       CASE WHEN json_typeof(input -> 'items') = 'array' THEN json_array_length(input -> 'items') END AS items
     FROM step WHERE run_id = $1 AND node_id = ANY ($2) AND key = $3`,
    [runId, loopIds, key],
  );
  return new Map(rows.map(({ nodeId, items }) => [nodeId, items]));
}

function placeOf({ runId, bodyIds, failingIds, key }: IterationFilter): readonly unknown[] {
  return [runId, bodyIds, key === '' ? '' : `${key}.`, failingIds];
}

/** An iteration is what its steps are: in doubt or under way while one is, failed by one whose failure nobody handles. */
const ITERATIONS = `
  WITH iteration AS (
    SELECT key, substr(key, length($3::text) + 1)::int AS index,
      CASE
        WHEN bool_or(status = 'in_doubt') THEN 'in_doubt'
        WHEN bool_or(status = 'running') THEN 'running'
        WHEN bool_or(status = 'waiting') THEN 'waiting'
        WHEN bool_or(status = 'failed' AND node_id = ANY ($4)) THEN 'failed'
        WHEN bool_or(status = 'cancelled') THEN 'cancelled'
        ELSE 'succeeded'
      END AS status,
      min(started_at) AS "startedAt",
      CASE WHEN bool_and(finished_at IS NOT NULL OR status IN ('skipped', 'cancelled')) THEN max(finished_at) END
        AS "finishedAt",
      (array_agg(error ORDER BY started_at) FILTER (WHERE status = 'failed' AND node_id = ANY ($4)))[1] AS error
    FROM step
    WHERE run_id = $1 AND node_id = ANY ($2) AND starts_with(key, $3) AND strpos(substr(key, length($3) + 1), '.') = 0
      AND key <> ''
    GROUP BY key)`;
