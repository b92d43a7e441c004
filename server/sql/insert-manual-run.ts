import type pg from 'pg';

import type { ManualEvent } from '#server/runs/manual-event.ts';

export interface ManualRun {
  readonly runId: string;
  readonly eventId: string;
  readonly workspaceId: string;
  readonly flow: { readonly id: string; readonly slug: string; readonly name: string };
  readonly version: { readonly id: string; readonly number: number | null };
  readonly event: ManualEvent;
  readonly remoteAddress: string;
}

/** Stores the event and the run of a start by hand, ready to be claimed, in the client's transaction. */
export async function insertManualRun(client: pg.ClientBase, run: ManualRun): Promise<void> {
  const { event, flow, version } = run;
  await client.query(
    `WITH event AS (
       INSERT INTO event (id, workspace_id, flow_id, kind, method, query, headers, body, content_type, remote_address)
       VALUES ($1, $2, $3, 'manual', $4, $5, $6, $7, $8, $9))
     INSERT INTO run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, version_number, event_id, started_by, wake_at)
     VALUES ($10, $2, $3, $11, $12, $13, $14, $1, 'manual', now())`,
    [
      run.eventId,
      run.workspaceId,
      flow.id,
      event.method,
      JSON.stringify(event.query),
      JSON.stringify(event.headers),
      Buffer.from(event.body),
      event.contentType,
      run.remoteAddress,
      run.runId,
      flow.slug,
      flow.name,
      version.id,
      version.number,
    ],
  );
}

/**
 * The id of the snapshot of a draft, one for each content: an earlier one of the same hash is used again. Hold the flow first.
 */
export async function upsertSnapshot(
  client: pg.ClientBase,
  snapshot: {
    readonly id: string;
    readonly workspaceId: string;
    readonly flowId: string;
    readonly document: unknown;
    readonly contentHash: Uint8Array;
    readonly createdById: string | null;
  },
): Promise<string> {
  const { flowId, contentHash } = snapshot;
  await client.query(
    `INSERT INTO flow_version (id, workspace_id, flow_id, document, content_hash, created_by_id)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (flow_id, content_hash) WHERE number IS NULL DO NOTHING`,
    [
      snapshot.id,
      snapshot.workspaceId,
      flowId,
      JSON.stringify(snapshot.document),
      contentHash,
      snapshot.createdById,
    ],
  );
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM flow_version WHERE flow_id = $1 AND content_hash = $2 AND number IS NULL',
    [flowId, contentHash],
  );
  if (!rows[0]) throw new Error('The snapshot of a draft was not stored.');
  return rows[0].id;
}

/** Keeps the flow from being deleted until the transaction ends; false when it is gone already. */
export async function holdFlow(client: pg.ClientBase, flowId: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM flow WHERE id = $1 FOR KEY SHARE', [flowId]);
  return rowCount === 1;
}
