import { redirect } from 'next/navigation';

import { requirePageActor } from '#server/auth/require-page-actor.ts';

export default async function Page() {
  await requirePageActor();
  redirect('/settings/account');
}
