import { actorFromRequest } from '#server/auth/actor-from-request.ts';
import type { Actor } from '#server/auth/actor.ts';
import { isSameOrigin } from '#server/auth/same-origin.ts';
import { ADDRESS_HEADER } from '#server/caller-address.ts';
import { ProblemError } from '#server/problem.ts';

/**
 * Who sends an API request. Throws a problem: 401 for nobody, 403 when a browser's session is used from another site.
 * A request that changes something by session must say by `Origin` that it comes from here; browsers always do.
 */
export async function identifyCaller(request: Request): Promise<Actor> {
  const actor = await actorFromRequest(request.headers, request.headers.get(ADDRESS_HEADER) ?? '');
  if (!actor) throw unauthenticated(request.headers.has('authorization'));
  if (actor.kind === 'user') refuseOtherSites(request);
  return actor;
}

function refuseOtherSites(request: Request): void {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && !request.headers.has('origin')) return;
  if (isSameOrigin(request.headers)) return;
  throw new ProblemError({
    status: 403,
    code: 'cross_site_request',
    title: 'Request from another site',
    detail: 'A signed-in session works only from the pages of this Patchbay. Other programs use an API key.',
  });
}

function unauthenticated(hasKey: boolean): ProblemError {
  return new ProblemError({
    status: 401,
    code: 'unauthenticated',
    title: 'Not signed in',
    detail: hasKey
      ? 'The API key is unknown, expired or revoked, or the header is not of the form Authorization: Bearer <api key>.'
      : 'Sign in, or send the header Authorization: Bearer <api key>.',
    headers: { 'www-authenticate': 'Bearer' },
  });
}
