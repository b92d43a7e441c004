import type { Metadata } from 'next';

import { ConnectionsPage } from '#components/connections/connections-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Connections' };

export default async function Page() {
  await requirePageActor();
  return <ConnectionsPage />;
}
