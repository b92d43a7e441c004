import type { Question } from '#connectors/contract.ts';
import { StepFailure } from '#core/step-failure.ts';
import { approversOf } from '#server/approvals/approvers.ts';
import { mailApproval } from '#server/approvals/mail-approval.ts';
import { crashPoint } from '#server/crash-point.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { mailSettings } from '#server/mail/mail-settings.ts';
import type { CallingStep } from '#server/runs/call-flow.ts';
import { findApprovalOf, insertApproval } from '#server/sql/approvals.ts';

/** Stores a step's question and mails those who are asked, once for each step. Throws `StepFailure` (`invalid_approver`). */
export async function askApproval(
  step: CallingStep,
  question: Question,
): Promise<{ readonly approvalId: string }> {
  const approvers = approversOf(question.approvers);
  const asked = await inClientTransaction(async (client) => {
    const approval = await insertApproval(client, {
      ...step,
      id: uuidv7(),
      question: question.question,
      approvers,
      expiresAt: question.expiresAt === null ? null : new Date(question.expiresAt),
      isReminded: mailSettings() !== null,
    });
    if (approval) {
      await mailApproval(client, { ...approval, approvers }, 'asked');
      crashPoint('question.before_commit');
      return { approvalId: approval.id };
    }
    const earlier = await findApprovalOf(client, step);
    if (earlier === undefined) throw gone();
    return { approvalId: earlier };
  });
  crashPoint('question.after_commit');
  return asked;
}

function gone(): StepFailure {
  return new StepFailure({ kind: 'cancelled', code: 'run_gone', message: 'The run is no longer there.' });
}
