import type { IncomingMessage } from 'node:http';

import { ADDRESS_HEADER, callerAddress, isLoopback, UNKNOWN_ADDRESS } from '#server/caller-address.ts';
import { env } from '#server/env.ts';

/** What a request is refused with before anything else reads it. */
export interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

/** Headers that steer Next from inside: a client that sends one tries to skip something. */
const INTERNAL_HEADERS = /^x-(middleware|invoke|matched-path|now-route-matches|patchbay|nonce)/;

/**
 * Makes a request fit to be handed on: only the path in its URL, no internal headers but the caller's address, as the
 * web process knows it. Returns a refusal for what no page of ours ever sends.
 */
export function guardRequest(request: IncomingMessage): Refusal | null {
  const url = pathOnly(request.url ?? '/');
  if (url === null) return { status: 400, title: 'Bad request', detail: 'The request line holds no path.' };
  request.url = url;
  for (const name of Object.keys(request.headers))
    if (INTERNAL_HEADERS.test(name)) delete request.headers[name];
  request.headers[ADDRESS_HEADER] = callerAddress(request);
  // Patchbay has no Server Actions: such a request is a probe for Next's flaws.
  if (request.headers['next-action'] === undefined) return null;
  return {
    status: 400,
    title: 'Bad request',
    detail: 'Server Actions are not in use here. Call the REST API, /api/v1.',
  };
}

/**
 * Refuses pages and API under a foreign name on a loopback socket: a web site that points its own name at 127.0.0.1 would
 * otherwise talk to a local Patchbay through its visitor's browser (DNS rebinding).
 */
export function guardHost(request: IncomingMessage): Refusal | null {
  const isLocal = isLoopback((request.socket.localAddress ?? '').replace('::ffff:', ''));
  if (!isLocal || request.headers[ADDRESS_HEADER] === UNKNOWN_ADDRESS) return null;
  if (!isLoopback(String(request.headers[ADDRESS_HEADER]))) return null;
  const host = hostName(request.headers.host ?? '');
  if (isLoopback(host) || host === 'localhost' || host.endsWith('.localhost')) return null;
  if (host === env().HOST || host === new URL(env().publicUrl).hostname) return null;
  return {
    status: 421,
    title: 'Misdirected request',
    detail: `Patchbay is not known as ${host || 'that'}. Set PATCHBAY_URL to the address that people use.`,
  };
}

/** `/path?query` of what stood in the request line, which may be a whole URL; null for anything else, such as `*`. */
function pathOnly(target: string): string | null {
  if (target.startsWith('/')) return target;
  if (!URL.canParse(target)) return null;
  const { pathname, search } = new URL(target);
  return pathname.startsWith('/') ? pathname + search : null;
}

function hostName(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
}
