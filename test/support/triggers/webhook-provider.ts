import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll } from 'vitest';

/** The access token that the provider takes. */
export const ACCESS_TOKEN = 'an access token of the tests';

/** A webhook that somebody registered. */
export interface ProvidedWebhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly secret: string;
  expiresAt: string;
}

export interface ProviderCall {
  /** `POST /webhooks` */
  readonly what: string;
  /** Of the webhook at hand. */
  readonly id: string | null;
  readonly status: number;
}

/** How a call is answered instead: nothing is done. */
export interface Instead {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * A provider that speaks the webhook API of Acme and remembers everything: a real HTTP server, under whose address the sandbox app is
 * looked for. Faults are what the tests say.
 */
export interface WebhookProvider {
  readonly url: string;
  readonly webhooks: Map<string, ProvidedWebhook>;
  readonly calls: ProviderCall[];
  /** How long webhooks live. Default an hour. */
  lifeSeconds: number;
  /** Answers in the provider's place; undefined lets it answer. */
  instead: (what: string) => Instead | undefined;
  /** Called once a webhook is there, before that is answered. */
  onCreated: (webhook: ProvidedWebhook) => Promise<void> | void;
  /** Calls of one kind: `POST /webhooks`. */
  countOf(what: string): number;
  reset(): void;
}

/** Call it at the top level of a test file, before what reads the environment. */
export function useWebhookProvider(): WebhookProvider {
  const webhooks = new Map<string, ProvidedWebhook>();
  const calls: ProviderCall[] = [];
  const provider = {
    url: '',
    webhooks,
    calls,
    countOf: (what: string) => calls.filter((call) => call.what === what).length,
    reset() {
      webhooks.clear();
      calls.length = 0;
      provider.lifeSeconds = 3_600;
      provider.instead = () => undefined;
      provider.onCreated = () => undefined;
    },
  } as WebhookProvider & { url: string };
  provider.reset();
  const server = createServer((request, response) => void answer(provider, request, response));
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    provider.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env['PATCHBAY_SANDBOX_URL'] = provider.url;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return provider;
}

/** A delivery as the provider signs it. */
export function signedDelivery(
  event: { readonly id: string; readonly type: string; readonly data?: unknown },
  { secret, unixSeconds = Math.floor(Date.now() / 1_000) }: { secret: string; unixSeconds?: number },
): { readonly headers: Record<string, string>; readonly body: string } {
  const body = JSON.stringify({ createdAt: '2026-01-15T09:30:00.000Z', data: { id: 'con_1' }, ...event });
  const digest = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'acme-event-id': event.id,
    'acme-signature': `t=${unixSeconds},v1=${digest}`,
  };
  return { headers, body };
}

async function answer(
  provider: WebhookProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const [, id = null, renewal = ''] =
    /^\/api\/v1\/webhooks(?:\/([^/]+))?(\/renew)?$/.exec(request.url ?? '') ?? [];
  const what = `${request.method} /webhooks${id === null ? '' : '/{id}'}${renewal}`;
  const reply =
    provider.instead(what) ?? (isKnown(request) ? await act(provider, { what, id, body }) : UNAUTHORISED);
  provider.calls.push({ what, id, status: reply.status });
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
}

const UNAUTHORISED: Instead = {
  status: 401,
  body: { error: { code: 'unauthorized', message: 'Who are you?' } },
};
const NOT_FOUND: Instead = {
  status: 404,
  body: { error: { code: 'not_found', message: 'There is no such webhook.' } },
};

function isKnown({ headers }: IncomingMessage): boolean {
  return headers.authorization === `Bearer ${ACCESS_TOKEN}`;
}

async function act(
  provider: WebhookProvider,
  { what, id, body }: { readonly what: string; readonly id: string | null; readonly body: string },
): Promise<Instead> {
  const { webhooks } = provider;
  if (what === 'GET /webhooks') return { status: 200, body: { data: [...webhooks.values()].map(shown) } };
  if (what === 'POST /webhooks') {
    const { url, events } = JSON.parse(body) as { url: string; events: string[] };
    const secret = `whsec_${randomBytes(16).toString('hex')}`;
    const webhook = { id: `whk_${randomUUID()}`, url, events, secret, expiresAt: later(provider) };
    webhooks.set(webhook.id, webhook);
    await provider.onCreated(webhook);
    return { status: 201, body: { ...shown(webhook), secret } };
  }
  const webhook = webhooks.get(id ?? '');
  if (!webhook) return NOT_FOUND;
  if (what === 'DELETE /webhooks/{id}') {
    webhooks.delete(webhook.id);
    return { status: 204 };
  }
  webhook.expiresAt = later(provider);
  return { status: 200, body: shown(webhook) };
}

function shown({ secret: _, ...webhook }: ProvidedWebhook) {
  return { ...webhook, createdAt: '2026-01-15T09:30:00.000Z' };
}

function later({ lifeSeconds }: WebhookProvider): string {
  return new Date(Date.now() + lifeSeconds * 1_000).toISOString();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
