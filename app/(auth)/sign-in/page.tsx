import type { Metadata } from 'next';
import { redirect } from 'next/navigation';

import { SignInForm } from '#components/shell/sign-in-form.tsx';
import { pageActor } from '#server/auth/require-page-actor.ts';
import { safeCallbackPath } from '#server/auth/safe-callback-url.ts';
import { env } from '#server/env.ts';
import { needsSetUp } from '#server/workspace/set-up.ts';

export const metadata: Metadata = { title: 'Sign in' };

type Search = Promise<Readonly<Record<string, string | string[] | undefined>>>;

export default async function SignInPage({ searchParams }: { searchParams: Search }) {
  if (await needsSetUp()) redirect('/set-up');
  const { callbackUrl } = await searchParams;
  const wanted = typeof callbackUrl === 'string' ? callbackUrl : '/';
  const goTo = safeCallbackPath(wanted, new URL(env().publicUrl).origin);
  if (await pageActor()) redirect(goTo);
  return <SignInForm goTo={goTo} />;
}
