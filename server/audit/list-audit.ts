import { z } from 'zod';

import type { Page } from '#core/api/common.ts';
import type { AuditEntry } from '#core/api/workspace.ts';
import type { Json } from '#core/json.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { prisma } from '#server/db/prisma.ts';

const MAX_ID = 2n ** 63n - 1n;
const placeSchema = z.strictObject({
  id: z
    .string()
    .regex(/^\d{1,19}$/)
    .refine((id) => BigInt(id) <= MAX_ID),
});

/** What people and keys did in the workspace, newest first, a page at a time. */
export async function listAudit(
  workspaceId: string,
  query: { readonly limit: number; readonly cursor?: string },
): Promise<Page<AuditEntry>> {
  const after = decodeCursor(query.cursor, placeSchema);
  const rows = await prisma().auditEntry.findMany({
    where: { workspaceId, ...(after ? { id: { lt: BigInt(after.id) } } : {}) },
    orderBy: { id: 'desc' },
    take: query.limit + 1,
  });
  const page = pageOf(rows, query.limit, ({ id }) => ({ id: id.toString() }));
  const data = page.data.map((row) => ({
    id: row.id.toString(),
    at: row.at.toISOString(),
    actor: row.actorName,
    action: row.action,
    resource: row.resource,
    detail: row.detail as Json,
  }));
  return { data, next: page.next };
}
