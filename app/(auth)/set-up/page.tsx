import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';

import { SetUpForm } from '#components/shell/set-up-form.tsx';
import { SetUpElsewhere } from '#components/shell/set-up-elsewhere.tsx';
import { isLoopback } from '#server/caller-address.ts';
import { needsSetUp } from '#server/workspace/set-up.ts';

export const metadata: Metadata = { title: 'Set up' };

export default async function SetUpPage() {
  if (!(await needsSetUp())) redirect('/sign-in');
  const address = (await headers()).get('x-patchbay-address') ?? '';
  return isLoopback(address) ? <SetUpForm /> : <SetUpElsewhere />;
}
