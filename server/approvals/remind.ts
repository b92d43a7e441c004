import type pg from 'pg';

import { storedApprovers } from '#server/approvals/approvers.ts';
import { mailApproval } from '#server/approvals/mail-approval.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { takeReminders } from '#server/sql/approvals.ts';

const BATCH = 20;

/** Mails once more those who were asked and have not decided by half time. Resolves to how many approvals that were. */
export function remindOfApprovals(pool: pg.Pool): Promise<number> {
  return inClientTransaction(async (client) => {
    const due = await takeReminders(client, BATCH);
    for (const approval of due) {
      const approvers = storedApprovers(approval.approvers);
      await mailApproval(client, { ...approval, approvers }, 'reminded');
    }
    return due.length;
  }, pool);
}
