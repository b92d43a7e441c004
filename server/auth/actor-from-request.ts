import type { Actor } from '#server/auth/actor.ts';
import { actorFromApiKey } from '#server/auth/actor-from-api-key.ts';
import { actorFromSession } from '#server/auth/actor-from-session.ts';

/**
 * Who sends this request: an API key if there is an `Authorization` header (a wrong one is nobody, also beside a good
 * cookie), else the session cookie. Null for nobody. Never throws for what a client can send.
 */
export async function actorFromRequest(headers: Headers, address: string): Promise<Actor | null> {
  const authorization = headers.get('authorization');
  if (authorization !== null) return actorFromApiKey(authorization, address);
  return actorFromSession(headers.get('cookie') ?? '', address);
}
