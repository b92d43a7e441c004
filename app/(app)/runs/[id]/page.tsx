import type { Metadata } from 'next';

import { RunPage } from '#components/runs/run-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Run' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  await requirePageActor();
  return <RunPage id={(await params).id} />;
}
