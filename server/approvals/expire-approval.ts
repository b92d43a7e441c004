import type { Decision } from '#connectors/contract.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { closeApproval, lockApproval, type LockedApproval } from '#server/sql/approvals.ts';

/**
 * Closes an approval whose time is up, for the step that waited. Resolves to the decision where a person was faster: it counts,
 * so that the row and the port that the step follows never differ. Asked again it answers the same.
 */
export function expireApproval(id: string): Promise<Decision | null> {
  return inClientTransaction(async (client) => {
    const approval = await lockApproval(client, id);
    if (!approval) return null;
    if (approval.decision === null) await closeApproval(client, id, { decision: 'expired' });
    return decisionOf(approval);
  });
}

function decisionOf({ decision, decidedByName, decidedAt, comment }: LockedApproval): Decision | null {
  if (decision !== 'approved' && decision !== 'rejected') return null;
  return { decision, by: decidedByName ?? '', comment, at: (decidedAt ?? new Date()).toISOString() };
}
