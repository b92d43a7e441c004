import type pg from 'pg';

/** Tests of a flow that nobody has run yet. */
export interface DueFlowTestRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly version: number | null;
  readonly document: unknown;
  readonly tests: unknown;
}

/** After so long tests are given up: whatever keeps killing the workers that run them must not do so for ever. */
export const GIVEN_UP_AFTER_SECONDS = 90;

/** Of tests that wait for a worker. */
export const IS_DUE = `finished_at IS NULL AND created_at > now() - interval '${GIVEN_UP_AFTER_SECONDS} seconds'`;

/** True while tests wait for a worker. */
export async function hasDueFlowTests(db: pg.Pool): Promise<boolean> {
  const { rows } = await db.query<{ due: boolean }>({
    name: 'flow_tests_due',
    text: `SELECT EXISTS (SELECT FROM flow_test_run WHERE ${IS_DUE}) AS due`,
  });
  return rows[0]?.due === true;
}

/** Holds the tests that wait the longest until the transaction ends; undefined when other workers hold all that wait. */
export async function takeDueFlowTests(client: pg.ClientBase): Promise<DueFlowTestRun | undefined> {
  const { rows } = await client.query<DueFlowTestRun>({
    name: 'flow_tests_take',
    text: `SELECT id, workspace_id AS "workspaceId", version, document, tests
      FROM flow_test_run WHERE ${IS_DUE} ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
  });
  return rows[0];
}

/** Writes down what held tests came to, and forgets those of more than an hour ago. */
export async function finishFlowTests(
  client: pg.ClientBase,
  done: { readonly id: string; readonly result: string },
): Promise<void> {
  await client.query({
    name: 'flow_tests_finish',
    text: 'UPDATE flow_test_run SET result = $2::json, finished_at = now() WHERE id = $1',
    values: [done.id, done.result],
  });
  await client.query({
    name: 'flow_tests_forget',
    text: "DELETE FROM flow_test_run WHERE created_at < now() - interval '1 hour'",
  });
}
