import { randomUUID } from 'node:crypto';

import { idempotencyKeyOf, onceForKey } from '#server/api/idempotency.ts';
import { identifyCaller } from '#server/api/identify-caller.ts';
import { whileAlive } from '#server/api/live-stream.ts';
import { matchRoute, type RouteMatch } from '#server/api/match-route.ts';
import { openapiDocument } from '#server/api/openapi.ts';
import { parseBody, parseParams, parseQuery } from '#server/api/parse-input.ts';
import { problemResponse } from '#server/api/problem-response.ts';
import { readJsonBody, type JsonBody } from '#server/api/read-json-body.ts';
import { replyAgain } from '#server/api/reply-again.ts';
import type { Route, RouteReply } from '#server/api/route.ts';
import { ROUTES } from '#server/api/routes.ts';
import type { Actor } from '#server/auth/actor.ts';
import { authorize } from '#server/auth/authorize.ts';

const PREFIX = '/api/v1';

/**
 * Answers one request of the REST API: finds the route, the caller and the right, checks every input against the
 * route's schemas, and turns whatever is thrown into problem+json. Never throws.
 */
export async function handleApiRequest(
  request: Request,
  routes: readonly Route[] = ROUTES,
): Promise<Response> {
  const requestId = randomUUID();
  const response = await answer(request, routes).catch((error: unknown) => problemResponse(error, requestId));
  response.headers.set('x-request-id', requestId);
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-store');
  response.headers.set('x-content-type-options', 'nosniff');
  return request.method === 'HEAD' ? withoutBody(response) : response;
}

async function answer(request: Request, routes: readonly Route[]): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname.slice(PREFIX.length);
  if (path === '/openapi.json' && ['GET', 'HEAD'].includes(request.method)) {
    // The one call that asks for nobody's name: it tells what the product is, nothing of this installation.
    return Response.json(openapiDocument(routes));
  }
  const match = matchRoute(routes, request.method, path);
  const actor = await identifyCaller(request);
  authorize(actor, match.route.action);
  const reply = await dispatch(request, { url, match, actor, routes });
  return toResponse(reply, actor, request.signal);
}

interface Dispatch {
  readonly url: URL;
  readonly match: RouteMatch;
  readonly actor: Actor;
  readonly routes: readonly Route[];
}

async function dispatch(request: Request, { url, match, actor, routes }: Dispatch): Promise<RouteReply> {
  const { route } = match;
  const params = parseParams(route, match.params);
  const query = parseQuery(route, url.searchParams);
  const body = await bodyOf(request, route);
  const input = { params, query, body: parseBody(route, body.value) };
  const work = () => route.handle({ actor, ...input, headers: request.headers, signal: request.signal });
  const key = route.method === 'POST' ? idempotencyKeyOf(request.headers) : null;
  if (key === null) return work();
  const keyed = { actor, target: url.pathname + url.search, key, body: body.bytes };
  return onceForKey(keyed, work, (act) => replyAgain(routes, { route, actor }, act));
}

/** A GET's body means nothing. */
async function bodyOf(request: Request, route: Route): Promise<JsonBody> {
  if (route.method === 'GET') return { bytes: Buffer.alloc(0), value: undefined };
  return readJsonBody(request, route.maxBodyBytes);
}

/** `no-transform`: whoever compressed the stream, here or on the way, would hold events back. */
const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'private, no-store, no-transform',
  'x-accel-buffering': 'no',
};

function toResponse(reply: RouteReply, actor: Actor, signal: AbortSignal): Response {
  const { status, headers = {} } = reply;
  if (reply.stream) {
    return new Response(whileAlive(reply.stream, actor, signal), {
      status,
      headers: { ...STREAM_HEADERS, ...headers },
    });
  }
  if (reply.body === undefined) return new Response(null, { status, headers });
  return new Response(JSON.stringify(reply.body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

function withoutBody(response: Response): Response {
  void response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}
