import type { BulkAction } from '#core/api/bulk-actions.ts';
import { noBulkAction, bulkActionId } from '#server/bulk/bulk-action-id.ts';
import { toBulkAction } from '#server/bulk/to-bulk-action.ts';
import { selectBulkActions } from '#server/sql/bulk-actions.ts';

/** One bulk action, with how far it is. Throws 404. */
export async function readBulkAction(workspaceId: string, id: string): Promise<BulkAction> {
  const [row] = await selectBulkActions({ workspaceId, id: bulkActionId(id), limit: 1 });
  if (!row) throw noBulkAction(id);
  return toBulkAction(row);
}
