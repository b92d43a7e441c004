import type { Metadata } from 'next';

import { AccountPage } from '#components/settings/account-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Account' };

export default async function Page() {
  await requirePageActor();
  return <AccountPage />;
}
