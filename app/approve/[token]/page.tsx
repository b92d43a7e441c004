import type { Metadata } from 'next';

import { BrandMark } from '#components/shell/brand-mark.tsx';
import { findByLink } from '#server/approvals/find-by-link.ts';

import { LinkedApprovalCard } from './linked-approval-card.tsx';

export const metadata: Metadata = { title: 'Approval' };
export const dynamic = 'force-dynamic';

interface ApprovePageProps {
  params: Promise<{ token: string }>;
  searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

/** What a mailed link opens: without an account, and without deciding anything by itself. */
export default async function ApprovePage({ params, searchParams }: ApprovePageProps) {
  const { token } = await params;
  const isLate = 'late' in (await searchParams);
  const approval = await findByLink(token);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-4 py-12">
      <div className="w-full max-w-120">
        <div className="mb-8 flex items-center justify-center gap-2.5">
          <BrandMark className="size-8" />
          <span className="text-xl font-semibold tracking-tight">Patchbay</span>
        </div>
        <LinkedApprovalCard approval={approval} action={`/approve/${token}/decide`} isLate={isLate} />
      </div>
    </main>
  );
}
