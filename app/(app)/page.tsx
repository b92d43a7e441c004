import type { Metadata } from 'next';

import { HomePage } from '#components/home/home-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Home' };

export default async function Page() {
  await requirePageActor();
  return <HomePage />;
}
