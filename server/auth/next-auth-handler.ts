import NextAuth from 'next-auth';

import { nextAuthOptions } from '#server/auth/next-auth-options.ts';
import { isSameOrigin } from '#server/auth/same-origin.ts';

type RouteHandler = (
  request: Request,
  context: { readonly params: Promise<{ readonly nextauth: string[] }> },
) => Promise<Response>;

/** What our pages use. next-auth's own pages, its log sink and its provider list are not served. */
const SERVED: ReadonlySet<string> = new Set([
  'GET csrf',
  'GET session',
  'GET providers',
  'GET error',
  'GET signin',
  'POST callback/credentials',
  'POST signout',
]);

/** `/api/auth/*`: next-auth behind the same cross-site check as the REST API. */
export const handleNextAuth: RouteHandler = async (request, context) => {
  const { nextauth } = await context.params;
  if (!SERVED.has(`${request.method} ${nextauth.join('/')}`)) return refusal(404, 'There is no such page.');
  if (request.method === 'POST' && !isSameOrigin(request.headers))
    return refusal(403, 'This request did not come from this site.');
  const handler = callable(NextAuth)(nextAuthOptions()) as RouteHandler;
  const response = await handler(request, context);
  response.headers.set('cache-control', 'private, no-store');
  return response;
};

/** next-auth is CommonJS: Node hands out its exports object, bundlers the default itself. */
function callable(imported: typeof NextAuth): typeof NextAuth {
  return typeof imported === 'function'
    ? imported
    : (imported as { readonly default: typeof NextAuth }).default;
}

function refusal(status: number, message: string): Response {
  return Response.json({ message }, { status, headers: { 'cache-control': 'private, no-store' } });
}
