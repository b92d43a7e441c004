import type { RunStatus } from '#core/api/runs.ts';
import { pool } from '#server/db/pool.ts';

/** Milliseconds at the 50th, 95th and 99th percentile; null over no rows. */
type Percentiles = readonly [number, number, number] | null;

export interface FlowStatsRow {
  readonly deduplicated: number;
  readonly runs: Readonly<Partial<Record<RunStatus, number>>>;
  readonly to_first_step: Percentiles;
  readonly run_time: Percentiles;
}

/** Counts and times of a flow's runs in a window, out of one snapshot: one statement. `to` undefined leaves the end open. */
export async function selectFlowStats(
  flowId: string,
  window: { from: Date; to?: Date },
): Promise<FlowStatsRow> {
  const { rows } = await pool().query<FlowStatsRow>(
    `WITH timed AS (
       SELECT r.status,
         extract(epoch FROM first_step.started_at - r.created_at)::float8 * 1000 AS to_first_step,
         extract(epoch FROM r.finished_at - r.started_at)::float8 * 1000 AS run_time
       FROM flow f JOIN run r ON r.workspace_id = f.workspace_id AND r.flow_slug = f.slug AND r.flow_id = f.id
       CROSS JOIN LATERAL (SELECT min(s.started_at) AS started_at FROM step s
         WHERE s.run_id = r.id AND s.started_at >= r.created_at) first_step
       WHERE f.id = $1 AND r.created_at >= $2 AND ($3::timestamptz IS NULL OR r.created_at < $3))
     SELECT
       (SELECT coalesce(sum(d.duplicates), 0)::int FROM dedupe_key d
        WHERE d.flow_id = $1 AND d.run_id IS NOT NULL AND d.first_seen_at >= $2 AND ($3::timestamptz IS NULL OR d.first_seen_at < $3)) AS deduplicated,
       (SELECT coalesce(jsonb_object_agg(status, total), '{}')
        FROM (SELECT status, count(*) AS total FROM timed GROUP BY status) counted) AS runs,
       (SELECT percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY to_first_step) FROM timed) AS to_first_step,
       (SELECT percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY run_time) FROM timed) AS run_time`,
    [flowId, window.from, window.to],
  );
  const row = rows[0];
  if (!row) throw new Error('A select without FROM returned no row.');
  return row;
}
