import type { Metadata } from 'next';

import { AppEventsPage } from '#components/connections/events/app-events-page.tsx';
import { NoRightPage } from '#components/settings/no-right-page.tsx';
import { can } from '#server/auth/authorize.ts';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'App events' };

export default async function Page() {
  const actor = await requirePageActor();
  return can(actor.role, 'connection:manage') ? <AppEventsPage /> : <NoRightPage role={actor.role} />;
}
