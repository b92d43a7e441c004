import type { Approval, ApprovalListQuery } from '#core/api/approvals.ts';
import type { Page } from '#core/api/common.ts';
import { toApproval } from '#server/approvals/to-approval.ts';
import type { Actor } from '#server/auth/actor.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { runPlaceSchema } from '#server/runs/run-place.ts';
import { selectApprovals } from '#server/sql/select-approvals.ts';

/** The workspace's approvals, newest first, a page at a time. */
export async function listApprovals(actor: Actor, query: ApprovalListQuery): Promise<Page<Approval>> {
  const after = decodeCursor(query.cursor, runPlaceSchema);
  if (query.flow?.includes('\0')) return { data: [], next: null };
  const rows = await selectApprovals({
    workspaceId: actor.workspaceId,
    isOpen: query.status && query.status === 'open',
    flow: query.flow || undefined,
    runId: query.run,
    after,
    limit: query.limit + 1,
  });
  const page = pageOf(rows, query.limit, (row) => ({ createdAt: row.createdAtExact, id: row.id }));
  return { data: page.data.map((row) => toApproval(row, actor)), next: page.next };
}
