import type { IncomingMessage, ServerResponse } from 'node:http';

import { readIncoming, type Incoming, type Reply } from '#sandbox/http/incoming.ts';
import { SECURITY_HEADERS } from '#sandbox/http/security-headers.ts';
import { IN_USE_PATH } from '#sandbox/state/store.ts';

/** Who answers what. */
export interface Routes {
  /** The OAuth server: everything under `/oauth/` and `/.well-known/` but the consent pages. */
  oauth(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The consent pages; they need the raw request for the cookies of the OAuth server. */
  consent(incoming: Incoming, request: IncomingMessage, response: ServerResponse): Promise<Reply>;
  api(incoming: Incoming): Promise<Reply>;
  pages(incoming: Incoming): Promise<Reply>;
  /** For another Acme that wants to use the same state file. */
  stateInUse(): Reply;
  /** For what nobody foresaw. */
  report(cause: unknown): void;
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

/** Hands a request to the part of Acme that answers it. Never rejects. */
export async function routeRequest(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Routes,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  try {
    const reply = await answer(request, response, routes);
    if (reply) send(response, reply);
  } catch (cause) {
    routes.report(cause);
    if (!response.headersSent) send(response, { status: 500, body: 'Acme failed. Its process says why.' });
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Routes,
): Promise<Reply | undefined> {
  if (!isOurName(request.headers.host))
    return { status: 421, body: 'Acme is known as 127.0.0.1 and localhost only.' };
  const incoming = readIncoming(request);
  const { path } = incoming;
  if (path.startsWith('/oauth/consent/')) return routes.consent(incoming, request, response);
  if (path.startsWith('/oauth/') || path.startsWith('/.well-known/')) {
    await routes.oauth(request, response);
    return undefined;
  }
  if (path === IN_USE_PATH) return routes.stateInUse();
  return path.startsWith('/api/') ? routes.api(incoming) : routes.pages(incoming);
}

/** A site that points its own name at 127.0.0.1 would otherwise read these pages through its visitor's browser. */
function isOurName(host: string | undefined): boolean {
  return LOOPBACK_NAMES.has((host ?? '').replace(/:\d+$/, '').toLowerCase());
}

function send(response: ServerResponse, { status, headers, body = '' }: Reply): void {
  if (body !== '') response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.writeHead(status, { ...headers }).end(body);
}
