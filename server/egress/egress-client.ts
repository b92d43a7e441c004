import { lookup } from 'node:dns/promises';

import { Agent } from 'undici';

import type { HttpClient, HttpRequest, HttpResponse } from '#connectors/contract.ts';
import type { Dialer } from '#connectors/dialer.ts';
import { StepFailure } from '#core/step-failure.ts';
import { AddressPolicy } from '#server/egress/address-policy.ts';
import { Agents } from '#server/egress/agents.ts';
import type { ClientIdentity } from '#server/egress/client-identity.ts';
import { guardedDialer } from '#server/egress/dial.ts';
import { egressFailure, fail } from '#server/egress/egress-failure.ts';
import { guardedConnector, type Resolver } from '#server/egress/guarded-connector.ts';
import { readBody } from '#server/egress/read-body.ts';
import { followRedirect, type Hop } from '#server/egress/redirect.ts';
import { env } from '#server/env.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 10 * 1_048_576;
const MAX_REDIRECTS = 3;
const CONNECTIONS_PER_ORIGIN = 256;

/** What tests set; the product takes all of it from the environment. */
export interface EgressOptions {
  /** Instead of `PATCHBAY_EGRESS_ALLOW`. */
  readonly allow?: string;
  readonly ownPorts?: readonly number[];
  readonly resolve?: Resolver;
  readonly connectTimeoutMs?: number;
  /** Certificates to trust besides the system's; PEM. */
  readonly ca?: string;
}

export interface EgressClient extends HttpClient {
  /** Opens sockets for other protocols, behind the same guard. */
  readonly dial: Dialer;
  /** Closes every connection. */
  close(): Promise<void>;
}

const holder = globalThis as typeof globalThis & { patchbayEgress?: EgressClient };

/**
 * The one client of every outgoing call: checks each address it dials, follows at most 3 redirects and checks
 * them too, takes gzip alone, caps size and time, keeps connections open per origin, and knows nothing of proxies.
 * Without options, the process's own; with options (tests), a new one that the caller closes.
 */
export function egressClient(options?: EgressOptions): EgressClient {
  if (options) return createClient(options);
  holder.patchbayEgress ??= createClient({});
  return holder.patchbayEgress;
}

/** Closes the process's client, if it was used; the next use opens another. */
export async function closeEgress(): Promise<void> {
  const open = holder.patchbayEgress;
  holder.patchbayEgress = undefined;
  await open?.close();
}

function createClient(options: EgressOptions): EgressClient {
  const policy = new AddressPolicy({
    allow: options.allow ?? env().PATCHBAY_EGRESS_ALLOW,
    ownPorts: options.ownPorts ?? ownPorts(),
  });
  const guard = {
    policy,
    resolve: options.resolve ?? resolveName,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    ca: options.ca,
  };
  const makeAgent = (identity: ClientIdentity | undefined) =>
    new Agent({
      connections: CONNECTIONS_PER_ORIGIN,
      pipelining: 1,
      maxHeaderSize: 16_384,
      connect: guardedConnector({ ...guard, secureContext: identity?.context }),
    });
  const agents = new Agents({ makeAgent });
  const call = (request: HttpRequest) => callWithRedirects(agents, request);
  return Object.assign(call, { dial: guardedDialer(guard), close: () => agents.destroy() });
}

const resolveName: Resolver = (hostname) => lookup(hostname, { all: true });

/** Our web server and database, which no range in the allow list opens. */
function ownPorts(): number[] {
  const { PORT, DATABASE_URL } = env();
  const database =
    DATABASE_URL && URL.canParse(DATABASE_URL) ? Number(new URL(DATABASE_URL).port || 5432) : 5432;
  return [PORT, database];
}

async function callWithRedirects(agents: Agents, request: HttpRequest): Promise<HttpResponse> {
  const deadline = startDeadline(request);
  try {
    let hop = firstHop(request);
    const { origin } = hop.url;
    for (let redirects = 0; ; redirects++) {
      // A certificate is shown where the step called, not where somebody leads it.
      const tls = hop.url.origin === origin ? request.tls : undefined;
      const answer = await callOnce(agents, hop, { signal: deadline.signal, request: { ...request, tls } });
      if (request.followsRedirects === false) return answer;
      const next = followRedirect(hop, answer.status, answer.headers['location']);
      if (!next) return answer;
      if (redirects === MAX_REDIRECTS)
        throw fail(
          'invalid',
          'too_many_redirects',
          `${hop.url.host} redirected more than ${MAX_REDIRECTS} times.`,
        );
      hop = next;
    }
  } finally {
    deadline.clear();
  }
}

/** One deadline for the whole call, redirects included. Its reason says whether time or the caller ended it. */
function startDeadline({ url, timeoutMs = DEFAULT_TIMEOUT_MS, signal }: HttpRequest) {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const seconds = timeoutMs / 1_000;
    controller.abort(fail('transient', 'timeout', `${hostOf(url)} did not answer within ${seconds} s.`));
  }, timeoutMs);
  const onAbort = () => controller.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

function firstHop({ method, url: address, headers = {}, body, tls }: HttpRequest): Hop {
  if (!URL.canParse(address))
    throw fail('invalid', 'invalid_url', 'This is not an address, such as https://api.example.com/orders.');
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw fail('invalid', 'invalid_url', `Only http and https addresses can be called, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw fail('invalid', 'invalid_url', 'The address holds a password. Put it into a connection instead.');
  if (tls && url.protocol !== 'https:')
    throw fail(
      'invalid',
      'invalid_url',
      'A client certificate is shown over https alone: write https:// in the address.',
    );
  return { method: method.toUpperCase(), url, headers: outgoingHeaders(headers), body };
}

/** Headers that belong to the connection, not to the caller. */
const RESERVED: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function outgoingHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const outgoing: Record<string, string> = { 'user-agent': 'Patchbay', accept: '*/*' };
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (!RESERVED.has(lower)) outgoing[lower] = value;
  }
  return outgoing;
}

async function callOnce(
  agents: Agents,
  hop: Hop,
  { signal, request }: { signal: AbortSignal; request: HttpRequest },
): Promise<HttpResponse> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES, tls } = request;
  try {
    signal.throwIfAborted();
    const answer = await agents.agentFor(tls).request({
      origin: hop.url.origin,
      path: hop.url.pathname + hop.url.search,
      method: hop.method,
      headers: { ...hop.headers, 'accept-encoding': 'gzip' },
      body: hop.body ?? null,
      signal,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const headers = flatten(answer.headers);
    const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase();
    const body = await readBody(answer.body, {
      encoding: hop.method === 'HEAD' ? '' : encoding,
      maxBytes,
      target: hop.url.host,
    });
    return { status: answer.statusCode, headers, body };
  } catch (error) {
    if (signal.aborted) throw abortFailure(signal.reason, hop.url.host);
    throw egressFailure(error, hop.url.host, tls ? 'certificate' : 'nothing');
  }
}

function abortFailure(reason: unknown, target: string): StepFailure {
  if (reason instanceof StepFailure) return reason;
  return fail('cancelled', 'cancelled', `The call to ${target} was stopped.`, reason);
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'The server';
}
