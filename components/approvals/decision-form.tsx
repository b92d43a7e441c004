'use client';

import { Check, MessageSquare, X } from 'lucide-react';
import { useState } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useDecide } from '#components/api/approvals.ts';
import { Button } from '#components/ui/button.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Approval, DecisionRequest } from '#core/api/approvals.ts';

/** Approve and Reject, with room for a comment. Somebody else may decide meanwhile: then it says so. */
export function DecisionForm({ approval }: { approval: Approval }) {
  const [comment, setComment] = useState<string | null>(null);
  const decide = useDecide(approval.id, {
    onDecided: (decision) =>
      toast.success(`${decision === 'approved' ? 'Approved' : 'Rejected'}. The run goes on.`),
    // Closed meanwhile: the question leaves the page with the next reading, and the words must outlive it.
    onFailed: (error) => {
      if (error instanceof ApiProblem && error.status === 409) toast.info(messageOf(error));
    },
  });
  const chosen = decide.isPending ? decide.variables.decision : undefined;
  const submit = (decision: DecisionRequest['decision']) => {
    const said = comment?.trim() ?? '';
    decide.mutate({ decision, ...(said !== '' && { comment: said }) });
  };
  return (
    <div className="flex flex-col gap-2">
      {comment !== null && (
        <Textarea
          autoFocus
          rows={2}
          maxLength={2_000}
          aria-label={`Comment on: ${approval.question}`}
          placeholder="Why? It goes on with the run."
          className="max-w-3xl"
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      )}
      {decide.isError && (
        <p role="alert" className="text-sm break-words text-danger">
          {messageOf(decide.error)}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="primary"
          loading={chosen === 'approved'}
          disabled={decide.isPending}
          aria-label={`Approve: ${approval.question}`}
          onClick={() => submit('approved')}
        >
          <Check aria-hidden />
          Approve
        </Button>
        <Button
          loading={chosen === 'rejected'}
          disabled={decide.isPending}
          aria-label={`Reject: ${approval.question}`}
          onClick={() => submit('rejected')}
        >
          <X aria-hidden />
          Reject
        </Button>
        {comment === null && (
          <Button variant="ghost" onClick={() => setComment('')}>
            <MessageSquare aria-hidden />
            Add a comment
          </Button>
        )}
      </div>
    </div>
  );
}
