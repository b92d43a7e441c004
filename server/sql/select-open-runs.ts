import type { OpenRuns } from '#core/api/flows.ts';
import { pool } from '#server/db/pool.ts';

/** A flow's runs that have not ended, by version, newest first; and where those that wait stand. */
export async function selectOpenRuns(workspaceId: string, flowId: string): Promise<OpenRuns['data']> {
  const { rows } = await pool().query<OpenRuns['data'][number]>(
    `WITH open AS (
       SELECT id, version_number, status FROM run
       WHERE workspace_id = $1 AND status IN ('queued', 'running', 'waiting', 'in_doubt') AND flow_id = $2
     ), places AS (
       SELECT version_number, node_id, waiting_for, count(DISTINCT id)::int AS runs
       FROM open JOIN step ON step.run_id = open.id AND step.status = 'waiting'
       WHERE open.status = 'waiting' AND waiting_for IS NOT NULL
       GROUP BY version_number, node_id, waiting_for
     )
     SELECT version_number AS version,
       count(*) FILTER (WHERE status = 'queued')::int AS queued,
       count(*) FILTER (WHERE status = 'running')::int AS running,
       count(*) FILTER (WHERE status = 'waiting')::int AS waiting,
       count(*) FILTER (WHERE status = 'in_doubt')::int AS "inDoubt",
       coalesce((
         SELECT json_agg(json_build_object('nodeId', node_id, 'waitingFor', waiting_for, 'runs', runs) ORDER BY runs DESC, node_id)
         FROM places WHERE places.version_number IS NOT DISTINCT FROM open.version_number
       ), '[]') AS "waitingAt"
     FROM open GROUP BY version_number ORDER BY version_number DESC NULLS LAST`,
    [workspaceId, flowId],
  );
  return rows;
}
