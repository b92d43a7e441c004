import type { Metadata } from 'next';

import { DeadLettersPage } from '#components/dead-letters/dead-letters-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Dead letters' };

export default async function Page() {
  await requirePageActor();
  return <DeadLettersPage />;
}
