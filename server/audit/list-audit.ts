import { z } from 'zod';

import type { AuditEntry, AuditFilter } from '#core/api/audit.ts';
import type { Page } from '#core/api/common.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { toDate } from '#server/db/to-date.ts';
import { searchInTime } from '#server/runs/search-in-time.ts';
import { selectAudit, type AuditConditions, type AuditRow } from '#server/sql/audit-rows.ts';

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
  query: AuditFilter & { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<AuditEntry>> {
  const beforeId = decodeCursor(query.cursor, placeSchema)?.id;
  const where = { ...auditConditions(workspaceId, query), beforeId, limit: query.limit + 1 };
  const rows = await searchInTime((client) => selectAudit(client, where));
  const page = pageOf(rows, query.limit, ({ id }) => ({ id }));
  return { data: page.data.map(toAuditEntry), next: page.next };
}

/** What the API takes as conditions on rows. */
export function auditConditions(
  workspaceId: string,
  { actor, action, q, from, to }: AuditFilter,
): Omit<AuditConditions, 'limit'> {
  return {
    workspaceId,
    actor: actor || undefined,
    action: action || undefined,
    text: q || undefined,
    from: toDate(from),
    to: toDate(to),
  };
}

export function toAuditEntry(row: AuditRow): AuditEntry {
  const { id, at, actorName, action, resource, detail, address, position, hash } = row;
  return { id, at: at.toISOString(), actor: actorName, action, resource, detail, address, position, hash };
}
