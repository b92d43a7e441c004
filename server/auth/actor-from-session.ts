import type { Actor } from '#server/auth/actor.ts';
import { readSessionCookie } from '#server/auth/session-cookie.ts';
import { findSessionActor } from '#server/auth/sessions.ts';

/** The signed-in user of a `Cookie` header. The row is looked up each time, so that a revoke takes effect at once. */
export async function actorFromSession(cookieHeader: string, address: string): Promise<Actor | null> {
  const envelope = await readSessionCookie(cookieHeader);
  return envelope && findSessionActor(envelope.token, envelope.userId, address);
}
