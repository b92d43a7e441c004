import type { Role } from '#core/api/common.ts';
import type { Actor } from '#server/auth/actor.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { prisma } from '#server/db/prisma.ts';

/** The key of an `Authorization: Bearer` header; null when the header is wrong, or the key unknown, expired or revoked. */
export async function actorFromApiKey(authorization: string, address: string): Promise<Actor | null> {
  const key = /^Bearer +(\S.{31,511})$/i.exec(authorization.trim())?.[1];
  if (key === undefined) return null;
  // A header's bytes arrive as Latin-1 text, whatever they encode.
  const row = await findKey(sha256(Buffer.from(key, 'latin1')));
  if (!row) return null;
  if (row.isStale) await touchKey(row.id);
  return {
    kind: 'api_key',
    id: row.id,
    userId: null,
    name: row.name,
    workspaceId: row.workspaceId,
    role: row.role,
    address,
  };
}

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly workspaceId: string;
  readonly role: Role;
  readonly isStale: boolean;
}

/** Looked up by hash: no comparison leaks the key. */
async function findKey(keyHash: Buffer): Promise<KeyRow | undefined> {
  const rows = await prisma().$queryRaw<KeyRow[]>`
    SELECT id, name, workspace_id AS "workspaceId", role::text AS role,
      coalesce(last_used_at < now() - interval '1 minute', true) AS "isStale"
    FROM api_key WHERE key_hash = ${keyHash} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;
  return rows[0];
}

async function touchKey(id: string): Promise<void> {
  await prisma().$executeRaw`UPDATE api_key SET last_used_at = now() WHERE id = ${id}::uuid`;
}
