import { connect } from 'node:net';

import { authenticate } from '#connectors/authenticate.ts';
import type { HttpClient, StepContext } from '#connectors/contract.ts';
import type { Dialer } from '#connectors/dialer.ts';
import { NO_RUN_SERVICES } from '#test/support/no-run-services.ts';

/**
 * The HTTP client of handler tests: Node's own `fetch`, told not to follow redirects. The product's client, with its guard
 * against private addresses, has tests of its own.
 */
export const fetchClient: HttpClient = async ({ method, url, headers, body, signal }) => {
  const response = await fetch(url, {
    method,
    headers: { ...headers },
    body: body as BodyInit | undefined,
    signal: signal ?? null,
    redirect: 'manual',
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  };
};

/** The same for other protocols. */
export const dialPlainly: Dialer = ({ host, port }) =>
  new Promise((done, fail) => {
    const socket = connect({ host, port });
    socket.once('error', fail);
    socket.once('connect', () => done(socket.off('error', fail)));
  });

export const IDEMPOTENCY_KEY = '0190b5f4-6c8e-7b1a-9f00-3d2b7c1e5a44';

/** What a step gets; without a connection unless one is given. */
export function stepContext(rest: Partial<StepContext> = {}): StepContext {
  return {
    now: Date.parse('2026-01-15T09:30:01Z'),
    resumed: undefined,
    services: NO_RUN_SERVICES,
    log: () => undefined,
    run: { id: '0190b5f4-0000-7000-8000-000000000001', startedAt: new Date('2026-01-15T09:30:00Z') },
    node: { id: 'post', key: '' },
    idempotencyKey: IDEMPOTENCY_KEY,
    effect: 'keyed',
    signal: new AbortController().signal,
    timeoutMs: 5_000,
    http: async (request) =>
      fetchClient(
        request.isAuthenticated && rest.connection
          ? await authenticate(request, rest.connection, {
              workspaceId: 'w',
              sandboxUrl: undefined,
              now: Date.now(),
            })
          : request,
      ),
    dial: dialPlainly,
    connection: undefined,
    ...rest,
  };
}
