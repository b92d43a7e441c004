import type { Approval } from '#core/api/approvals.ts';
import { mayDecide, storedApprovers } from '#server/approvals/approvers.ts';
import type { Actor } from '#server/auth/actor.ts';
import { isoTime } from '#server/runs/to-run-summary.ts';
import type { ApprovalRow } from '#server/sql/select-approvals.ts';

/** An approval as the API shows it to somebody. */
export function toApproval(row: ApprovalRow, actor: Actor): Approval {
  const approvers = storedApprovers(row.approvers);
  return {
    id: row.id,
    status: row.decision ?? 'open',
    question: row.question,
    flow: row.flowSlug,
    flowName: row.flowName,
    runId: row.runId,
    nodeId: row.nodeId,
    key: row.key,
    approvers,
    canDecide: row.decision === null && mayDecide(actor, approvers),
    createdAt: row.createdAt.toISOString(),
    expiresAt: isoTime(row.expiresAt),
    decidedAt: isoTime(row.decidedAt),
    decidedBy: row.decidedByName,
    comment: row.comment,
  };
}
