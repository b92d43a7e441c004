import { AuthCard } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import type { LinkedApproval } from '#server/approvals/find-by-link.ts';

export interface LinkedApprovalCardProps {
  /** Null where the link leads nowhere. */
  approval: LinkedApproval | null;
  /** Where the form is sent. */
  action: string;
  /** True after a decision that came too late. */
  isLate: boolean;
}

/** The question and the form, or what came of it. A plain form: it works without scripts. */
export function LinkedApprovalCard({ approval, action, isLate }: LinkedApprovalCardProps) {
  if (!approval)
    return (
      <AuthCard title="This link leads nowhere">
        <p className="text-sm leading-5">
          It may be cut off: open it from the mail again, or copy the whole of it. The question may also be
          gone with its run.
        </p>
      </AuthCard>
    );
  return (
    <AuthCard
      title={approval.outcome === null ? 'Your decision' : TITLES[approval.outcome]}
      description={`The flow “${approval.flowName}” asks ${approval.email}.`}
    >
      {approval.outcome !== null && <Outcome approval={approval} isLate={isLate} />}
      <p className="text-base leading-6 break-words whitespace-pre-wrap">{approval.question}</p>
      {approval.outcome === null && <DecisionForm action={action} expiresAt={approval.expiresAt} />}
    </AuthCard>
  );
}

const TITLES = {
  approved: 'Approved',
  rejected: 'Rejected',
  expired: 'Too late',
  cancelled: 'No longer needed',
} as const;

function DecisionForm({ action, expiresAt }: { action: string; expiresAt: Date | null }) {
  return (
    <form action={action} method="post" className="mt-5 flex flex-col gap-4">
      <Field label="Comment" optional help="Kept with the decision; the flow can read it.">
        <Textarea name="comment" maxLength={2_000} rows={3} />
      </Field>
      {expiresAt && <p className="text-sm text-muted-foreground">Open until {inUtc(expiresAt)}.</p>}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" name="decision" value="approved" variant="primary" size="lg" className="grow">
          Approve
        </Button>
        <Button type="submit" name="decision" value="rejected" size="lg" className="grow">
          Reject
        </Button>
      </div>
    </form>
  );
}

function Outcome({ approval, isLate }: { approval: LinkedApproval; isLate: boolean }) {
  return (
    <div role="status" className="mb-4 rounded-md bg-muted px-3 py-2 text-sm leading-5">
      {isLate && <p className="font-medium">Your decision came too late and was not counted.</p>}
      <p>{outcomeInWords(approval)}</p>
      {approval.comment !== null && (
        <p className="mt-1 break-words whitespace-pre-wrap text-muted-foreground">“{approval.comment}”</p>
      )}
    </div>
  );
}

function outcomeInWords({ outcome, decidedBy, decidedAt, email, expiresAt }: LinkedApproval): string {
  const who = decidedBy === email ? 'You' : (decidedBy ?? 'Somebody');
  const when = decidedAt ? ` at ${inUtc(decidedAt)}` : '';
  switch (outcome) {
    case 'approved':
      return `${who} approved this${when}. The flow goes on.`;
    case 'rejected':
      return `${who} rejected this${when}. The flow goes on with that.`;
    case 'expired':
      return `Nobody decided in time${expiresAt ? ` (until ${inUtc(expiresAt)})` : ''}. The flow went on without an answer.`;
    default:
      return 'The run ended, or went on, before anybody decided. There is nothing left to do.';
  }
}

function inUtc(time: Date): string {
  return time
    .toISOString()
    .replace('T', ' ')
    .replace(/:\d\d\.\d+Z$/, ' UTC');
}
