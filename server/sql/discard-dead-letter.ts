import type pg from 'pg';

/** What a dead letter was before. */
export interface DeadLetterState {
  readonly flow: string;
  readonly isOpen: boolean;
  readonly redrivenAt: Date | null;
}

/** Reads a dead letter and holds it to the end of the transaction; undefined when there is none in the workspace. */
export async function lockDeadLetter(
  client: pg.ClientBase,
  target: { readonly runId: string; readonly workspaceId: string },
): Promise<DeadLetterState | undefined> {
  const { rows } = await client.query<DeadLetterState>({
    name: 'lock_dead_letter',
    text: `SELECT flow_slug AS flow, redriven_at IS NULL AND discarded_at IS NULL AS "isOpen", redriven_at AS "redrivenAt"
      FROM dead_letter WHERE run_id = $1 AND workspace_id = $2 FOR NO KEY UPDATE`,
    values: [target.runId, target.workspaceId],
  });
  return rows[0];
}

/** Closes a dead letter that the transaction holds. */
export async function markDiscarded(client: pg.ClientBase, runId: string, reason: string): Promise<void> {
  await client.query({
    name: 'discard_dead_letter',
    text: 'UPDATE dead_letter SET discarded_at = now(), discard_reason = $2 WHERE run_id = $1',
    values: [runId, reason],
  });
}
