import type { Metadata } from 'next';

import { AlertsPage } from '#components/alerts/alerts-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Alerts' };

export default async function Page() {
  await requirePageActor();
  return <AlertsPage />;
}
