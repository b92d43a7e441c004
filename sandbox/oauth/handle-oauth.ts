import type { IncomingMessage, ServerResponse } from 'node:http';

import type Provider from 'oidc-provider';

import { SESSION_COOKIE } from '#sandbox/oauth/create-provider.ts';

/** Answers for the OAuth server: `/oauth/authorize`, `/oauth/token`, `/oauth/revoke`, `/oauth/jwks`, `/.well-known/…`. */
export function oauthHandler(
  provider: Provider,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const handle = provider.callback();
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://acme');
    if (url.pathname === '/oauth/authorize') askAnew(request, response, url);
    await handle(request, response);
  };
}

/**
 * Every request asks who somebody is and what they allow: the session of the one before is forgotten, here and in the
 * browser. oidc-provider gives a lasting grant only to a request that says so.
 */
function askAnew(request: IncomingMessage, response: ServerResponse, url: URL): void {
  delete request.headers.cookie;
  const names = [SESSION_COOKIE, `${SESSION_COOKIE}.sig`];
  response.setHeader(
    'Set-Cookie',
    names.map((name) => `${name}=; Path=/oauth; Max-Age=0; HttpOnly; SameSite=Lax`),
  );
  if (!url.searchParams.has('prompt')) url.searchParams.set('prompt', 'consent');
  request.url = `${url.pathname}${url.search}`;
}
