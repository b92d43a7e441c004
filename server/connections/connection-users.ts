import type { Transaction } from '#server/db/transaction.ts';

/** A flow that refers to a connection. */
export interface ConnectionUser {
  readonly connection: string;
  readonly flow: string;
  /** True when the published version refers to it, false when the draft alone does. */
  readonly isPublished: boolean;
}

/** Which flows refer to which connections, by their drafts and their published versions. */
export async function connectionUsers(
  tx: Transaction,
  workspaceId: string,
  slug: string | null = null,
): Promise<readonly ConnectionUser[]> {
  return tx.$queryRaw<ConnectionUser[]>`
    SELECT connection, flow, bool_or(is_published) AS "isPublished" FROM (
      SELECT node->>'connection' AS connection, f.slug AS flow, false AS is_published
      FROM flow f, json_array_elements(f.draft->'nodes') node
      WHERE f.workspace_id = ${workspaceId}::uuid
      UNION ALL
      SELECT node->>'connection', f.slug, true
      FROM flow f JOIN flow_version v ON v.flow_id = f.id AND v.number = f.published_version,
        json_array_elements(v.document->'nodes') node
      WHERE f.workspace_id = ${workspaceId}::uuid
    ) users
    WHERE connection IS NOT NULL AND (${slug}::text IS NULL OR connection = ${slug}::text)
    GROUP BY connection, flow ORDER BY connection, flow`;
}
