import type { Metadata } from 'next';

import { NoRightPage } from '#components/settings/no-right-page.tsx';
import { SystemPage } from '#components/settings/system/system-page.tsx';
import { can } from '#server/auth/authorize.ts';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'System' };

export default async function Page() {
  const actor = await requirePageActor();
  return can(actor.role, 'system:read') ? <SystemPage /> : <NoRightPage role={actor.role} />;
}
