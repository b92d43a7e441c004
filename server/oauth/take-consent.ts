import type { OAuthConsent } from '#prisma/generated/client.ts';
import type { Actor } from '#server/auth/actor.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { prisma } from '#server/db/prisma.ts';

/** What a provider sent a person back with, and who the person is. */
export interface Callback {
  readonly query: URLSearchParams;
  /** The signed-in member, if any. */
  readonly actor: Actor | null;
  /** The cookie of the browser that went on from a connect link. */
  readonly binding: string | null;
  readonly address: string;
}

/**
 * Takes a consent for good: whoever comes with the same `state` again finds nothing. Null where it is unknown, used, over, or was
 * begun by somebody else, who then still may use it.
 */
export async function takeConsent({ query, actor, binding }: Callback): Promise<OAuthConsent | null> {
  const [state, ...others] = query.getAll('state');
  if (state === undefined || others.length > 0) return null;
  const consent = await prisma().oAuthConsent.findUnique({
    where: { stateHash: new Uint8Array(sha256(state)) },
  });
  if (!consent || !isBeginner(consent, { actor, binding })) return null;
  const taken = await prisma().$executeRaw`
    UPDATE oauth_consent SET used_at = now() WHERE id = ${consent.id}::uuid AND used_at IS NULL AND expires_at > now()`;
  return taken === 1 ? consent : null;
}

function isBeginner(
  { userId, bindingHash }: OAuthConsent,
  { actor, binding }: Pick<Callback, 'actor' | 'binding'>,
): boolean {
  if (userId !== null) return actor?.userId === userId;
  return binding !== null && sha256(binding).equals(bindingHash);
}
