import type { IncomingMessage, ServerResponse } from 'node:http';

import { actorFromRequest } from '#server/auth/actor-from-request.ts';
import { ADDRESS_HEADER, isLoopback } from '#server/caller-address.ts';
import { readMetrics } from '#server/metrics/registry.ts';

/** What the probes tell of a process. */
export interface ProbedState {
  readonly isDraining: boolean;
  /** Why it cannot do its work, in one sentence; null when it can. */
  unreadiness(): Promise<string | null>;
}

/**
 * Answers `/healthz`, `/readyz` and `/metrics`. False for any other path: nothing was written. The request has gone through
 * `guardRequest`, which names its caller.
 */
export async function answerProbe(
  request: IncomingMessage,
  response: ServerResponse,
  state: ProbedState,
): Promise<boolean> {
  switch (request.url?.split('?')[0]) {
    case '/healthz':
      sendJson(response, 200, { status: 'ok' });
      return true;
    case '/readyz': {
      const reason = state.isDraining ? 'The process is stopping.' : await state.unreadiness();
      sendJson(response, reason ? 503 : 200, reason ? { status: 'unavailable', reason } : { status: 'ok' });
      return true;
    }
    case '/metrics':
      await answerMetrics(request, response);
      return true;
    default:
      return false;
  }
}

async function answerMetrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!(await mayReadMetrics(request))) {
    response.setHeader('WWW-Authenticate', 'Bearer');
    sendJson(response, 401, {
      status: 'refused',
      reason: 'Metrics are for loopback, or for callers with an API key.',
    });
    return;
  }
  const { contentType, text } = await readMetrics();
  response.writeHead(200, { 'Content-Type': contentType, 'Cache-Control': 'no-store' }).end(text);
}

async function mayReadMetrics(request: IncomingMessage): Promise<boolean> {
  const address = String(request.headers[ADDRESS_HEADER]);
  if (isLoopback(address)) return true;
  const authorization = request.headers.authorization;
  if (authorization === undefined) return false;
  return (await actorFromRequest(new Headers({ authorization }), address)) !== null;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
