import { Badge } from '#components/ui/badge.tsx';
import { Time } from '#components/ui/time.tsx';
import type { Approval } from '#core/api/approvals.ts';

import { APPROVAL_LOOK } from './approval-words.ts';

/** How a question was closed: by whom, when, and what they said. */
export function ApprovalOutcome({ approval }: { approval: Approval }) {
  const look = APPROVAL_LOOK[approval.status];
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-muted-foreground">
        <Badge tone={look.tone}>{look.label}</Badge>
        {approval.decidedBy !== null && <span className="break-all">by {approval.decidedBy}</span>}
        {approval.decidedAt !== null && <Time at={approval.decidedAt} />}
        {approval.status === 'cancelled' && <span>The run ended before anybody decided.</span>}
      </p>
      {approval.comment !== null && (
        <blockquote className="border-l-2 border-border-strong pl-3 break-words whitespace-pre-wrap">
          {approval.comment}
        </blockquote>
      )}
    </div>
  );
}
