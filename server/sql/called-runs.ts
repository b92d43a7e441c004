import type pg from 'pg';

type Db = pg.ClientBase | pg.Pool;

/** The run that a step has called; undefined while there is none. */
export async function findCalledRun(
  db: Db,
  step: { readonly runId: string; readonly nodeId: string; readonly key: string },
): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>({
    name: 'find_called_run',
    text: 'SELECT id FROM run WHERE parent_run_id = $1 AND parent_node_id = $2 AND parent_key = $3',
    values: [step.runId, step.nodeId, step.key],
  });
  return rows[0]?.id;
}

/** How many runs stand above a run. */
export async function readCallDepth(db: Db, runId: string): Promise<number> {
  const { rows } = await db.query<{ depth: number }>({
    name: 'read_call_depth',
    text: 'SELECT call_depth AS depth FROM run WHERE id = $1',
    values: [runId],
  });
  return rows[0]?.depth ?? 0;
}

/** Of a run and those that wait for it: how many stand in the line of that flow and key. */
export async function countAboveWithKey(
  db: Db,
  line: { readonly runId: string; readonly flowId: string; readonly key: string },
): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    name: 'count_above_with_key',
    text: `
      WITH RECURSIVE up AS (
        SELECT parent_run_id, is_awaited, flow_id, concurrency_key FROM run WHERE id = $1
        UNION ALL
        SELECT above.parent_run_id, above.is_awaited, above.flow_id, above.concurrency_key
        FROM up JOIN run above ON above.id = up.parent_run_id WHERE up.is_awaited)
      SELECT count(*)::int AS count FROM up WHERE flow_id = $2 AND concurrency_key = $3`,
    values: [line.runId, line.flowId, line.key],
  });
  return rows[0]?.count ?? 0;
}

/** The flows of a run and of all runs that it came from, by calls and by failures. */
export async function readFlowsAbove(db: Db, runId: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ flow_id: string | null }>({
    name: 'read_flows_above',
    text: `
      WITH RECURSIVE up AS (
        SELECT coalesce(parent_run_id, failure_of) AS above, flow_id, 0 AS level FROM run WHERE id = $1
        UNION ALL
        SELECT coalesce(run.parent_run_id, run.failure_of), run.flow_id, up.level + 1
        FROM up JOIN run ON run.id = up.above WHERE up.level < 50)
      SELECT DISTINCT flow_id FROM up`,
    values: [runId],
  });
  return rows.flatMap((row) => row.flow_id ?? []);
}
