import { z } from 'zod';

import type { Page } from '#core/api/common.ts';
import type { Connection } from '#core/api/workspace.ts';
import { slugSchema } from '#core/flow-document.ts';
import { budgetOf } from '#server/connections/budget-of.ts';
import { connectionUsers, type ConnectionUser } from '#server/connections/connection-users.ts';
import { findConnection, type StoredConnection } from '#server/connections/find-connection.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { prisma } from '#server/db/prisma.ts';
import type { Transaction } from '#server/db/transaction.ts';

/** The workspace's connections by slug, a page at a time. Field names, never values. */
export async function listConnections(
  workspaceId: string,
  query: { readonly limit: number; readonly cursor?: string },
): Promise<Page<Connection>> {
  const after = decodeCursor(query.cursor, z.strictObject({ slug: slugSchema }));
  const rows = await prisma().connection.findMany({
    where: { workspaceId, ...(after ? { slug: { gt: after.slug } } : {}) },
    include: { fields: { orderBy: { name: 'asc' } } },
    orderBy: { slug: 'asc' },
    take: query.limit + 1,
  });
  const users = await connectionUsers(prisma(), workspaceId);
  const page = pageOf(rows, query.limit, ({ slug }) => ({ slug }));
  return { data: page.data.map((row) => toConnection(row, users)), next: page.next };
}

/** One connection as it is shown. Throws 404. */
export async function readConnection(
  workspaceId: string,
  slug: string,
  tx: Transaction = prisma(),
): Promise<Connection> {
  const row = await findConnection(tx, workspaceId, slug);
  return toConnection(row, await connectionUsers(tx, workspaceId, slug));
}

function toConnection(row: StoredConnection, users: readonly ConnectionUser[]): Connection {
  return {
    slug: row.slug,
    name: row.name,
    connector: row.connector,
    fields: row.fields.map(({ name }) => name),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    budget: budgetOf(row),
    usedBy: users.filter(({ connection }) => connection === row.slug).map(({ flow }) => flow),
  };
}
