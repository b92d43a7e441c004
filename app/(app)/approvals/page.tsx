import type { Metadata } from 'next';

import { ApprovalsPage } from '#components/approvals/approvals-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Approvals' };

export default async function Page() {
  await requirePageActor();
  return <ApprovalsPage />;
}
