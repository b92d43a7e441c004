import type pg from 'pg';

import type { Json } from '#core/json.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';
import { storeRuns, type PublishedFlow } from '#test/worker/test-flow.ts';

export interface FailedRuns {
  readonly flow: PublishedFlow;
  /** One run for each. */
  readonly inputs: readonly Json[];
  /** Null: the run failed as a whole. Default `post`. */
  readonly nodeId?: string | null;
  /** Default `http_status 503`. */
  readonly cause?: string;
  readonly message?: string;
  /** When they failed. Default: now. */
  readonly at?: Date;
}

/** Stores runs that ended failed, and their dead letters, as a worker leaves them. Resolves to the runs' ids. */
export async function storeFailedRuns(
  where: { readonly db: pg.Pool; readonly workspaceId: string },
  failed: FailedRuns,
): Promise<string[]> {
  const { nodeId = 'post', cause = 'http_status 503', message = 'It answered 503', at = new Date() } = failed;
  const code = cause.split(' ')[0]!;
  const runIds = await storeRuns(where, failed.flow, failed.inputs);
  const error = { kind: 'transient', code, message, ...(nodeId === null ? {} : { nodeId }) };
  await where.db.query(
    `update run set status = 'failed', wake_at = null, started_at = $2, finished_at = $2, error = $3 where id = any($1::uuid[])`,
    [runIds, at, toStoredJson(error)],
  );
  if (nodeId !== null)
    await where.db.query(
      `insert into step (run_id, node_id, status, attempts, started_at, finished_at, error)
       select id, $2, 'failed', 1, $3, $3, $4 from unnest($1::uuid[]) as id`,
      [runIds, nodeId, at, toStoredJson(error)],
    );
  await where.db.query(
    `insert into dead_letter (run_id, workspace_id, flow_slug, node_id, error_kind, error_code, cause, created_at)
     select id, $2, $3, $4, 'transient', $5, $6, $7 from unnest($1::uuid[]) as id`,
    [runIds, where.workspaceId, failed.flow.slug, nodeId, code, cause, at],
  );
  return runIds;
}
