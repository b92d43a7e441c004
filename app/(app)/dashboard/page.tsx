import type { Metadata } from 'next';

import { DashboardPage } from '#components/dashboard/dashboard-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Dashboard' };

export default async function Page() {
  await requirePageActor();
  return <DashboardPage />;
}
