import type pg from 'pg';

import type { RunStatus } from '#core/api/runs.ts';

/** One flow of a workspace: what was counted when it was accepted, and what its rows say. */
export interface LedgerRow {
  /** Empty for flows that were deleted before slugs were kept with quarantined events. */
  readonly slug: string;
  /** Null where neither the flow nor a run of it tells it. */
  readonly name: string | null;
  readonly accepted: number;
  readonly deduplicated: number;
  readonly removed: number;
  readonly quarantined: number;
  readonly runs: Readonly<Partial<Record<RunStatus, number>>>;
}

/** Every flow that the workspace has or had, by slug; one statement, so out of one snapshot. */
export async function selectLedger(client: pg.ClientBase, workspaceId: string): Promise<LedgerRow[]> {
  const { rows } = await client.query<LedgerRow>(
    `WITH counted AS (
       SELECT flow_slug AS slug, sum(accepted) AS accepted, sum(deduplicated) AS deduplicated, sum(removed) AS removed
       FROM ledger_count WHERE workspace_id = $1 GROUP BY 1
     ), by_status AS (
       SELECT flow_slug AS slug, status, count(*) AS total FROM run WHERE workspace_id = $1 GROUP BY 1, 2
     ), runs AS (
       SELECT slug, jsonb_object_agg(status, total) AS runs FROM by_status GROUP BY 1
     ), quarantined AS (
       SELECT coalesce(flow_slug, '') AS slug, count(*) AS quarantined
       FROM event WHERE workspace_id = $1 AND quarantine IS NOT NULL GROUP BY 1
     ), flows AS (
       SELECT slug, name FROM flow WHERE workspace_id = $1
     )
     SELECT slug,
       coalesce(flows.name, (SELECT run.flow_name FROM run
         WHERE run.workspace_id = $1 AND run.flow_slug = slug ORDER BY run.created_at DESC LIMIT 1)) AS name,
       coalesce(accepted, 0)::float8 AS accepted, coalesce(deduplicated, 0)::float8 AS deduplicated,
       coalesce(removed, 0)::float8 AS removed,
       coalesce(quarantined, 0)::float8 AS quarantined, coalesce(runs, '{}') AS runs
     FROM counted FULL JOIN runs USING (slug) FULL JOIN quarantined USING (slug) FULL JOIN flows USING (slug)
     ORDER BY slug`,
    [workspaceId],
  );
  return rows;
}
