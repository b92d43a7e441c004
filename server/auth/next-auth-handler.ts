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

/** `/api/auth/*`: next-auth behind the same cross-site check as the REST API, with a small body or none. */
export const handleNextAuth: RouteHandler = async (request, context) => {
  const { nextauth } = await context.params;
  const refused = SERVED.has(`${request.method} ${nextauth.join('/')}`)
    ? refusePost(request)
    : refusal(404, 'There is no such page.');
  if (refused) return refused;
  const response = await callNextAuth(request, context);
  response.headers.set('cache-control', 'private, no-store');
  return response;
};

const MAX_BODY_BYTES = 16_384;

function refusePost({ method, headers }: Request): Response | null {
  if (method !== 'POST') return null;
  if (!isSameOrigin(headers)) return refusal(403, 'This request did not come from this site.');
  // next-auth reads whatever comes; the HTTP server holds a sender to the length that it names.
  const length = Number(headers.get('content-length') ?? Number.NaN);
  return length <= MAX_BODY_BYTES
    ? null
    : refusal(413, `Send at most ${MAX_BODY_BYTES} bytes, and say how many.`);
}

const callNextAuth: RouteHandler = async (request, context) => {
  const handler = callable(NextAuth)(nextAuthOptions()) as RouteHandler;
  try {
    return await handler(request, context);
  } catch (error) {
    if (error instanceof SyntaxError) return refusal(400, 'The body is not JSON.');
    throw error;
  }
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
