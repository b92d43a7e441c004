import { sha256 } from '#server/auth/sha256.ts';
import { pool } from '#server/db/pool.ts';
import { findLink } from '#server/sql/approvals.ts';
import { selectApprovals, type ApprovalRow } from '#server/sql/select-approvals.ts';

/** What the page behind a mailed link shows. */
export interface LinkedApproval {
  /** The address that the link was sent to. */
  readonly email: string;
  readonly question: string;
  readonly flowName: string;
  readonly outcome: ApprovalRow['decision'];
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly comment: string | null;
  readonly expiresAt: Date | null;
}

/** The approval that a mailed link leads to; null for a token of no link. Looking decides nothing: mail scanners look, too. */
export async function findByLink(token: string): Promise<LinkedApproval | null> {
  const link = await findLink(pool(), sha256(token));
  if (!link) return null;
  const { workspaceId, approvalId: id, email } = link;
  const [row] = await selectApprovals({ workspaceId, id, limit: 1 });
  if (!row) return null;
  return {
    email,
    question: row.question,
    flowName: row.flowName,
    outcome: row.decision,
    decidedBy: row.decidedByName,
    decidedAt: row.decidedAt,
    comment: row.comment,
    expiresAt: row.expiresAt,
  };
}
