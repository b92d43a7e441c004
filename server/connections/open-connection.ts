import type { OpenConnection } from '#connectors/contract.ts';
import { prisma } from '#server/db/prisma.ts';
import { budgetOf } from '#server/connections/budget-of.ts';
import { ConnectionAway } from '#server/connections/connection-away.ts';
import { readStored, sealedOf } from '#server/connections/find-connection.ts';
import { goodToken, refusedToken } from '#server/connections/guard.ts';
import { onlyFor } from '#server/connections/rights.ts';
import { openFields } from '#server/vault/sealed-record.ts';

/** `lastUsedAt` is exact to this. */
const TOUCH_EVERY_MS = 60_000;

/**
 * Opens a connection's secrets for one use and notes the time; a token that has ended, or is about to, is renewed first. Null when
 * the workspace has no such connection. Throws `VaultError` when the stored bytes were changed or the master key is not at hand, and
 * `ConnectionAway` when its token is good for nothing. The caller has authorised the use, or holds to `onlyFor`.
 */
export async function openConnection(workspaceId: string, slug: string): Promise<OpenConnection | null> {
  const found = await readStored({ workspaceId, slug });
  if (!found) return null;
  const only = onlyFor(found);
  const token = await goodToken(found).catch((error: unknown) => {
    if (!(error instanceof ConnectionAway)) throw error;
    const { code, message, isPassing } = error;
    throw new ConnectionAway(slug, code, message, { onlyFor: only, isPassing });
  });
  const row = token && token.version !== found.tokenVersion ? await readStored({ workspaceId, slug }) : found;
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
    ...(only !== undefined && { onlyFor: only }),
    ...(budget && { budget }),
    ...(token && { token: { ...token, version: row.tokenVersion } }),
  };
}

/**
 * A call was refused with the token that `openConnection` gave, of this version. True when opening the connection again gives
 * another one; false when that would not help. Throws as `openConnection` does.
 */
export async function renewConnection(workspaceId: string, slug: string, version: number): Promise<boolean> {
  const row = await readStored({ workspaceId, slug });
  return row !== null && refusedToken(row, version);
}

/** The connection with another token than this refused one; null where that would not help. Throws as `openConnection` does. */
export async function reopenConnection(
  workspaceId: string,
  slug: string,
  { token }: OpenConnection,
): Promise<OpenConnection | null> {
  const isRenewed = token !== undefined && (await renewConnection(workspaceId, slug, token.version));
  return isRenewed ? openConnection(workspaceId, slug) : null;
}
