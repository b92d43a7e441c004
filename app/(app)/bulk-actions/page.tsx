import type { Metadata } from 'next';

import { BulkActionsPage } from '#components/bulk/bulk-actions-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Bulk actions' };

export default async function Page() {
  await requirePageActor();
  return <BulkActionsPage />;
}
