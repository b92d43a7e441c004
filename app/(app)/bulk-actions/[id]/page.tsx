import type { Metadata } from 'next';

import { BulkActionPage } from '#components/bulk/bulk-action-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Bulk action' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  await requirePageActor();
  return <BulkActionPage id={(await params).id} />;
}
