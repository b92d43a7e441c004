import type { Metadata } from 'next';

import { AuditPage } from '#components/settings/audit-page.tsx';
import { NoRightPage } from '#components/settings/no-right-page.tsx';
import { can } from '#server/auth/authorize.ts';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Audit log' };

export default async function Page() {
  const actor = await requirePageActor();
  return can(actor.role, 'audit:read') ? <AuditPage /> : <NoRightPage role={actor.role} />;
}
