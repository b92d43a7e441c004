import type { BulkAction, BulkActionListQuery } from '#core/api/bulk-actions.ts';
import type { Page } from '#core/api/common.ts';
import { toBulkAction } from '#server/bulk/to-bulk-action.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { runPlaceSchema } from '#server/runs/run-place.ts';
import { selectBulkActions } from '#server/sql/bulk-actions.ts';

/** The workspace's bulk actions, newest first, a page at a time. */
export async function listBulkActions(
  workspaceId: string,
  { limit, cursor }: BulkActionListQuery,
): Promise<Page<BulkAction>> {
  const after = decodeCursor(cursor, runPlaceSchema);
  const rows = await selectBulkActions({ workspaceId, after, limit: limit + 1 });
  const page = pageOf(rows, limit, (row) => ({ createdAt: row.createdAtExact, id: row.id }));
  return { data: page.data.map(toBulkAction), next: page.next };
}
