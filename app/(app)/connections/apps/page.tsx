import type { Metadata } from 'next';

import { OAuthAppsPage } from '#components/connections/apps/oauth-apps-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'OAuth apps' };

export default async function Page() {
  await requirePageActor();
  return <OAuthAppsPage />;
}
