import type { Metadata } from 'next';

import { DriftPage } from '#components/drift/drift-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Drift' };

export default async function Page() {
  await requirePageActor();
  return <DriftPage />;
}
