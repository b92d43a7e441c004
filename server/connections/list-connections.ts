import { z } from 'zod';

import type { Page } from '#core/api/common.ts';
import type { Connection } from '#core/api/connections.ts';
import { slugSchema } from '#core/flow-document.ts';
import type { Actor } from '#server/auth/actor.ts';
import { can } from '#server/auth/authorize.ts';
import { budgetOf } from '#server/connections/budget-of.ts';
import { connectionUsers, type ConnectionUser } from '#server/connections/connection-users.ts';
import { findConnection, WITH_FIELDS, type StoredConnection } from '#server/connections/find-connection.ts';
import { mayManage, maySee } from '#server/connections/rights.ts';
import { givenFields } from '#server/connections/token-fields.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { prisma } from '#server/db/prisma.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { notFound } from '#server/problem.ts';

/** The connections that exist for the actor by slug, a page at a time. Field names, never values. */
export async function listConnections(
  actor: Actor,
  query: { readonly limit: number; readonly cursor?: string },
): Promise<Page<Connection>> {
  const { workspaceId } = actor;
  const after = decodeCursor(query.cursor, z.strictObject({ slug: slugSchema }));
  const rows = await prisma().connection.findMany({
    where: { workspaceId, ...visibleTo(actor), ...(after ? { slug: { gt: after.slug } } : {}) },
    include: WITH_FIELDS,
    orderBy: { slug: 'asc' },
    take: query.limit + 1,
  });
  const users = await connectionUsers(prisma(), workspaceId);
  const page = pageOf(rows, query.limit, ({ slug }) => ({ slug }));
  return { data: page.data.map((row) => toConnection(row, users, actor)), next: page.next };
}

/** One connection as it is shown. Throws 404, also for one that does not exist for the actor. */
export async function readConnection(
  actor: Actor,
  slug: string,
  tx: Transaction = prisma(),
): Promise<Connection> {
  const { workspaceId } = actor;
  const row = await findConnection(tx, workspaceId, slug);
  if (!maySee(row, actor)) throw notFound(`connection “${slug}” in this workspace`);
  return toConnection(row, await connectionUsers(tx, workspaceId, slug), actor);
}

/** Slugs of the connections that do not exist for the actor: what else names them is kept from them, too. */
export async function hiddenConnections(actor: Actor): Promise<ReadonlySet<string>> {
  const rows = await prisma().connection.findMany({
    where: { workspaceId: actor.workspaceId, isShared: false },
    select: { slug: true, ownerId: true, isShared: true },
  });
  return new Set(rows.filter((row) => !maySee(row, actor)).map(({ slug }) => slug));
}

/** `maySee` as a query. */
function visibleTo(actor: Actor) {
  const own = actor.userId === null ? [] : [{ ownerId: actor.userId }];
  const orphans = can(actor.role, 'connection:manage') ? [{ ownerId: null }] : [];
  return { OR: [{ isShared: true }, ...own, ...orphans] };
}

function toConnection(row: StoredConnection, users: readonly ConnectionUser[], actor: Actor): Connection {
  const given = givenFields(row.connector);
  return {
    slug: row.slug,
    name: row.name,
    connector: row.connector,
    fields: row.fields.map(({ name }) => name).filter((name) => !given.has(name)),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    budget: budgetOf(row),
    usedBy: users.filter(({ connection }) => connection === row.slug).map(({ flow }) => flow),
    status: row.status,
    fault: row.fault as Connection['fault'],
    owner: row.owner && { name: row.owner.name, isMe: row.owner.id === actor.userId },
    isShared: row.isShared,
    canManage: mayManage(row, actor),
    account: row.accountLabel,
    scopes: row.scopes,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    refreshDueAt: row.refreshDueAt?.toISOString() ?? null,
    refreshedAt: row.refreshedAt?.toISOString() ?? null,
  };
}
