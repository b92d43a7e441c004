import type { Approval, DecisionRequest } from '#core/api/approvals.ts';
import { mayDecide, storedApprovers } from '#server/approvals/approvers.ts';
import { decide, type Decided } from '#server/approvals/decide.ts';
import { readApproval } from '#server/approvals/read-approval.ts';
import type { Actor } from '#server/auth/actor.ts';
import { notFound, ProblemError } from '#server/problem.ts';
import type { LockedApproval } from '#server/sql/approvals.ts';

/**
 * Decides an approval of the workspace. Throws 404, 403 for somebody who is not asked, and 409 when it is closed, saying who
 * decided.
 */
export async function decideApproval(actor: Actor, id: string, request: DecisionRequest): Promise<Approval> {
  const verdict = { decision: request.decision, comment: request.comment || null };
  const decided = await decide(id, verdict, { actor, check: (approval) => checkMayDecide(actor, approval) });
  if (decided.kind === 'unknown') throw noApproval(id);
  if (decided.kind === 'closed') throw closed(decided);
  return readApproval(actor, id);
}

function checkMayDecide(actor: Actor, approval: LockedApproval): void {
  if (approval.workspaceId !== actor.workspaceId) throw noApproval(approval.id);
  const approvers = storedApprovers(approval.approvers);
  if (mayDecide(actor, approvers)) return;
  const asked =
    approvers.role === null ? approvers.emails.join(', ') : `the role ${approvers.role} or a higher one`;
  throw new ProblemError({
    status: 403,
    code: 'not_asked',
    title: 'Not asked',
    detail: `You are not among those who may decide this: ${asked}, and every owner and admin.`,
  });
}

function closed({ outcome, by, at }: Extract<Decided, { kind: 'closed' }>): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'approval_closed',
    title: 'This is decided already',
    detail: `${closedInWords(outcome, by)} (${at.toISOString()}). Nothing was changed.`,
  });
}

/** What an approval came to, as a sentence without its full stop. */
export function closedInWords(
  outcome: Extract<Decided, { kind: 'closed' }>['outcome'],
  by: string | null,
): string {
  switch (outcome) {
    case 'approved':
      return `${by ?? 'Somebody'} approved it`;
    case 'rejected':
      return `${by ?? 'Somebody'} rejected it`;
    case 'expired':
      return 'It expired before anybody decided';
    case 'cancelled':
      return 'The run went on or ended before anybody decided';
  }
}

function noApproval(id: string): ProblemError {
  return notFound(`approval “${id.slice(0, 36)}” in this workspace`);
}
