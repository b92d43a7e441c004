import type { HttpRequest } from '#connectors/contract.ts';
import { type EgressClient, egressClient } from '#server/egress/egress-client.ts';

const holder = globalThis as typeof globalThis & { patchbayEgress?: EgressClient };

/**
 * Sends every call of this process that is meant for another machine to one far end of the test's own, with the same path and
 * query, and `x-far-origin` with where it was meant to go. Nothing but a test can do this: the product has no switch for it.
 */
export function redirectEgress(farEnd: string): void {
  const allowed = ['127.0.0.0/8', process.env['PATCHBAY_EGRESS_ALLOW']].filter(Boolean).join(',');
  const inner = egressClient({ allow: allowed, ownPorts: [] });
  const call = (request: HttpRequest) => inner(redirected(request, farEnd));
  holder.patchbayEgress = Object.assign(call, { dial: inner.dial, close: () => inner.close() });
}

function redirected(request: HttpRequest, farEnd: string): HttpRequest {
  const { hostname, origin, pathname, search } = new URL(request.url);
  if (hostname === '127.0.0.1') return request;
  const headers = { ...request.headers, 'x-far-origin': origin };
  return { ...request, headers, url: `${farEnd}${pathname}${search}` };
}
