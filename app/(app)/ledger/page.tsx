import type { Metadata } from 'next';

import { LedgerPage } from '#components/ledger/ledger-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Ledger' };

export default async function Page() {
  await requirePageActor();
  return <LedgerPage />;
}
