import type { Metadata } from 'next';

import { NoRightPage } from '#components/settings/no-right-page.tsx';
import { RetentionPage } from '#components/settings/retention-page.tsx';
import { can } from '#server/auth/authorize.ts';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Retention' };

export default async function Page() {
  const actor = await requirePageActor();
  return can(actor.role, 'retention:manage') ? <RetentionPage /> : <NoRightPage role={actor.role} />;
}
