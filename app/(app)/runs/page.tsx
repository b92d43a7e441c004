import type { Metadata } from 'next';

import { RunsPage } from '#components/runs/runs-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Runs' };

export default async function Page() {
  await requirePageActor();
  return <RunsPage />;
}
