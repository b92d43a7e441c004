import type { Approval } from '#core/api/approvals.ts';
import { toApproval } from '#server/approvals/to-approval.ts';
import type { Actor } from '#server/auth/actor.ts';
import { notFound } from '#server/problem.ts';
import { selectApprovals } from '#server/sql/select-approvals.ts';

/** One approval of the workspace. Throws 404. */
export async function readApproval(actor: Actor, id: string): Promise<Approval> {
  const [row] = await selectApprovals({ workspaceId: actor.workspaceId, id, limit: 1 });
  if (!row) throw notFound(`approval “${id.slice(0, 36)}” in this workspace`);
  return toApproval(row, actor);
}
