'use client';

import Link from 'next/link';

import { Time } from '#components/ui/time.tsx';
import type { Approval } from '#core/api/approvals.ts';

import { ApprovalOutcome } from './approval-outcome.tsx';
import { approversInWords } from './approval-words.ts';
import { DecisionForm } from './decision-form.tsx';

/** One question: where it comes from, and its buttons or what became of it. */
export function ApprovalCard({ approval }: { approval: Approval }) {
  const isOpen = approval.status === 'open';
  return (
    <li className="flex flex-col gap-3 px-4 py-4 md:px-6">
      <div className="flex min-w-0 flex-col gap-1.5">
        <h2 className="max-w-3xl text-base leading-6 font-medium break-words whitespace-pre-wrap">
          {approval.question}
        </h2>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted-foreground">
          <Link
            href={`/runs/${approval.runId}`}
            aria-label={`Run of ${approval.flowName}`}
            className="rounded-sm font-medium text-accent-text focus-ring hover:underline"
          >
            {approval.flowName}
          </Link>
          <Dot />
          <span>
            asked <Time at={approval.createdAt} />
          </span>
          {isOpen && (
            <>
              <Dot />
              <span className="break-all">{approversInWords(approval.approvers)}</span>
            </>
          )}
          {isOpen && approval.expiresAt !== null && (
            <>
              <Dot />
              <span>
                expires <Time at={approval.expiresAt} upcoming />
              </span>
            </>
          )}
        </p>
      </div>
      {!isOpen && <ApprovalOutcome approval={approval} />}
      {approval.canDecide && <DecisionForm approval={approval} />}
      {isOpen && !approval.canDecide && (
        <p className="text-sm text-subtle-foreground">Others are asked; you can look on.</p>
      )}
    </li>
  );
}

function Dot() {
  return (
    <span aria-hidden className="text-subtle-foreground">
      ·
    </span>
  );
}
