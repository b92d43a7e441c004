import type { OpenConnection } from '#connectors/contract.ts';
import { prisma } from '#server/db/prisma.ts';
import { budgetOf } from '#server/connections/budget-of.ts';
import { sealedOf, type StoredConnection } from '#server/connections/find-connection.ts';
import { goodToken, refusedToken } from '#server/connections/guard.ts';
import { openFields } from '#server/vault/sealed-record.ts';

/** `lastUsedAt` is exact to this. */
const TOUCH_EVERY_MS = 60_000;

/**
 * Opens a connection's secrets for one use and notes the time; a token that has ended, or is about to, is renewed first. Null when
 * the workspace has no such connection. Throws `VaultError` when the stored bytes were changed or the master key is not at hand, and
 * `ConnectionAway` when its token is good for nothing. The caller has authorised the use.
 */
export async function openConnection(workspaceId: string, slug: string): Promise<OpenConnection | null> {
  const found = await find(workspaceId, slug);
  const token = found && (await goodToken(found));
  const row = token && token.version !== found.tokenVersion ? await find(workspaceId, slug) : found;
  if (!row) return null;
  const { place, record } = sealedOf(row);
  const fields = openFields(place, record);
  const age = Date.now() - (row.lastUsedAt?.getTime() ?? 0);
  if (age > TOUCH_EVERY_MS)
    await prisma().connection.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date() } });
  const budget = budgetOf(row);
  return {
    connector: row.connector,
    fields,
    ...(budget && { budget }),
    ...(token && { token: { ...token, version: row.tokenVersion } }),
  };
}

/**
 * A call was refused with the token that `openConnection` gave, of this version. True when opening the connection again gives
 * another one; false when that would not help. Throws as `openConnection` does.
 */
export async function renewConnection(workspaceId: string, slug: string, version: number): Promise<boolean> {
  const row = await find(workspaceId, slug);
  return row !== null && refusedToken(row, version);
}

function find(workspaceId: string, slug: string): Promise<StoredConnection | null> {
  return prisma().connection.findUnique({
    where: { workspaceId_slug: { workspaceId, slug } },
    include: { fields: true },
  });
}
