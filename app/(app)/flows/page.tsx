import type { Metadata } from 'next';

import { FlowsPage } from '#components/flows/flows-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Flows' };

export default async function Page() {
  await requirePageActor();
  return <FlowsPage />;
}
