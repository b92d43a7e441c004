import type { Actor } from '#server/auth/actor.ts';
import { prisma } from '#server/db/prisma.ts';

/** The member who made an API key, while they are one; null for a key that nobody made. It lends the key no right of theirs. */
export async function makerOf({ kind, id, workspaceId }: Actor): Promise<string | null> {
  if (kind !== 'api_key') return null;
  const rows = await prisma().$queryRaw<{ userId: string }[]>`
    SELECT u.id AS "userId" FROM api_key k
    JOIN "user" u ON u.id = k.created_by_id AND u.disabled_at IS NULL
    JOIN membership m ON m.user_id = u.id AND m.workspace_id = ${workspaceId}::uuid
    WHERE k.id = ${id}::uuid`;
  return rows[0]?.userId ?? null;
}
