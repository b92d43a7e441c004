import type { OpenConnection } from '#connectors/contract.ts';
import { prisma } from '#server/db/prisma.ts';
import { budgetOf } from '#server/connections/budget-of.ts';
import { openStored } from '#server/connections/find-connection.ts';

/** `lastUsedAt` is exact to this. */
const TOUCH_EVERY_MS = 60_000;

/**
 * Opens a connection's secrets for one use and notes the time. Null when the workspace has no such connection. Throws
 * `VaultError` when the stored bytes were changed or the master key is not at hand. The caller has authorised the use.
 */
export async function openConnection(workspaceId: string, slug: string): Promise<OpenConnection | null> {
  const opened = await openStored(workspaceId, slug);
  if (!opened) return null;
  const { row, fields } = opened;
  const age = Date.now() - (row.lastUsedAt?.getTime() ?? 0);
  if (age > TOUCH_EVERY_MS)
    await prisma().connection.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date() } });
  const budget = budgetOf(row);
  return { connector: row.connector, fields, ...(budget && { budget }) };
}
