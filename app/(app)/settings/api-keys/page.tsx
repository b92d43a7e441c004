import type { Metadata } from 'next';

import { ApiKeysPage } from '#components/settings/api-keys-page.tsx';
import { NoRightPage } from '#components/settings/no-right-page.tsx';
import { can } from '#server/auth/authorize.ts';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'API keys' };

export default async function Page() {
  const actor = await requirePageActor();
  return can(actor.role, 'api_key:manage') ? <ApiKeysPage /> : <NoRightPage role={actor.role} />;
}
