import type { Metadata } from 'next';

import { OAuthAppsPage } from '#components/connections/apps/oauth-apps-page.tsx';
import { NoRightPage } from '#components/settings/no-right-page.tsx';
import { can } from '#server/auth/authorize.ts';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'OAuth apps' };

export default async function Page() {
  const actor = await requirePageActor();
  return can(actor.role, 'connection:manage') ? <OAuthAppsPage /> : <NoRightPage role={actor.role} />;
}
