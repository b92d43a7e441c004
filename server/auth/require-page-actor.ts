import { headers } from 'next/headers';
import { redirect } from 'next/navigation';

import { actorFromSession } from '#server/auth/actor-from-session.ts';
import type { Actor } from '#server/auth/actor.ts';
import { ADDRESS_HEADER } from '#server/caller-address.ts';
import { needsSetUp } from '#server/workspace/set-up.ts';

/**
 * The signed-in user of a page. Every page under `(app)` calls it for itself. Sends everybody else to `/sign-in`, or to
 * `/set-up` while there is no user at all.
 */
export async function requirePageActor(): Promise<Actor> {
  const actor = await pageActor();
  if (actor) return actor;
  redirect((await needsSetUp()) ? '/set-up' : '/sign-in');
}

/** The same without the redirect, for the sign-in page itself. */
export async function pageActor(): Promise<Actor | null> {
  const received = await headers();
  return actorFromSession(received.get('cookie') ?? '', received.get(ADDRESS_HEADER) ?? '');
}
