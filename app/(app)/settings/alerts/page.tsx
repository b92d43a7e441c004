import type { Metadata } from 'next';

import { AlertSettingsPage } from '#components/alerts/alert-settings-page.tsx';
import { NoRightPage } from '#components/settings/no-right-page.tsx';
import { can } from '#server/auth/authorize.ts';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Alert rules' };

export default async function Page() {
  const actor = await requirePageActor();
  return can(actor.role, 'alert:manage') ? <AlertSettingsPage /> : <NoRightPage role={actor.role} />;
}
