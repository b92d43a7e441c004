import type pg from 'pg';

import type { RunStatus } from '#core/api/runs.ts';

export interface CancelledRun {
  readonly flow: string;
  readonly status: RunStatus;
  readonly ended: boolean;
  /** True when nobody had asked before. */
  readonly first: boolean;
}

/**
 * Marks a run to be cancelled and makes it due, unless it has ended; undefined when there is none. A run that a worker
 * holds keeps `wake_at` null, as its lease demands: the holder sees the mark.
 */
export async function requestCancel(
  client: pg.ClientBase,
  target: { readonly runId: string; readonly workspaceId: string },
): Promise<CancelledRun | undefined> {
  const { rows } = await client.query<CancelledRun>(
    `SELECT flow_slug AS flow, status, status IN ('succeeded', 'failed', 'cancelled') AS ended,
       cancel_requested_at IS NULL AS first
     FROM run WHERE id = $1 AND workspace_id = $2 FOR UPDATE`,
    [target.runId, target.workspaceId],
  );
  const run = rows[0];
  if (run && !run.ended && run.first) {
    await client.query(
      `UPDATE run SET cancel_requested_at = now(), wake_at = CASE WHEN lease_worker_id IS NULL THEN now() END
       WHERE id = $1`,
      [target.runId],
    );
  }
  return run;
}
