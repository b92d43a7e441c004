import { z } from 'zod';

import type { BulkItem, BulkItemListQuery } from '#core/api/bulk-actions.ts';
import type { Page } from '#core/api/common.ts';
import { bulkActionId, noBulkAction } from '#server/bulk/bulk-action-id.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { isoTime } from '#server/runs/to-run-summary.ts';
import { hasBulkAction, selectBulkItems } from '#server/sql/bulk-actions.ts';

const placeSchema = z.strictObject({ position: z.int32().min(0) });

/** The items of a bulk action in their order, a page at a time. Throws 404. */
export async function listBulkItems(
  workspaceId: string,
  id: string,
  { limit, cursor, status }: BulkItemListQuery,
): Promise<Page<BulkItem>> {
  const after = decodeCursor(cursor, placeSchema)?.position ?? 0;
  const target = bulkActionId(id);
  if (!(await hasBulkAction({ workspaceId, id: target }))) throw noBulkAction(id);
  const rows = await selectBulkItems({ bulkActionId: target, status, after, limit: limit + 1 });
  const page = pageOf(rows, limit, ({ position }) => ({ position }));
  return { data: page.data.map((row) => ({ ...row, doneAt: isoTime(row.doneAt) })), next: page.next };
}
