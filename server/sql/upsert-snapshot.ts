import type pg from 'pg';

import { sha256 } from '#server/auth/sha256.ts';

/**
 * The id of a member's snapshot of a draft, one for each content: an earlier one of theirs of the same hash is used again. Another's
 * would run with the connections that the other may use. It is young again, so that retention leaves it alone. Hold the flow first.
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
  const { flowId } = snapshot;
  const contentHash = sha256(Buffer.concat([snapshot.contentHash, Buffer.from(snapshot.createdById ?? '')]));
  await client.query(
    `INSERT INTO flow_version (id, workspace_id, flow_id, document, content_hash, created_by_id)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (flow_id, content_hash) WHERE number IS NULL DO UPDATE SET created_at = now()`,
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
