import type { Metadata } from 'next';

import { ComparePage } from '#components/compare/compare-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Compare runs' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  await requirePageActor();
  return <ComparePage id={(await params).id} />;
}
