'use client';

import { messageOf } from '#components/api/api-problem.ts';
import { useApproval } from '#components/api/approvals.ts';
import { ApprovalOutcome } from '#components/approvals/approval-outcome.tsx';
import { approversInWords } from '#components/approvals/approval-words.ts';
import { DecisionForm } from '#components/approvals/decision-form.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';

/** The question that a step asked, with its buttons for those who may decide. */
export function StepApproval({ id }: { id: string }) {
  const approval = useApproval(id);
  if (approval.isPending) return <Skeleton className="mx-4 mb-4 h-24" />;
  if (approval.data === undefined)
    return <p className="px-4 pb-4 text-sm text-danger">{messageOf(approval.error)}</p>;
  const { data } = approval;
  return (
    <section
      aria-label="Approval"
      className="mx-4 mb-4 flex flex-col gap-3 rounded-lg border border-border bg-background p-3"
    >
      <p className="text-sm leading-5 font-medium break-words whitespace-pre-wrap">{data.question}</p>
      {data.status === 'open' ? (
        <p className="text-xs break-all text-muted-foreground">Asks {approversInWords(data.approvers)}</p>
      ) : (
        <ApprovalOutcome approval={data} />
      )}
      {data.canDecide && <DecisionForm approval={data} />}
    </section>
  );
}
