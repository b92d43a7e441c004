import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { OpenConnection, StepResult } from '#connectors/contract.ts';
import { findOperation } from '#connectors/definitions.ts';
import { findHandler } from '#connectors/handlers.ts';
import type { JsonObject } from '#core/json.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';
import { IDEMPOTENCY_KEY, stepContext } from './step-context.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

let server: Server;
let base: string;
let received: Received[] = [];
let answer: Answer = { status: 200 };

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  received = [];
  answer = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' };
});

const { operation } = findOperation('http.request', 1)!;
const handler = findHandler('http.request', 1)!;

async function call(settings: JsonObject, connection?: OpenConnection): Promise<StepResult> {
  const input = operation.input.parse({ url: `${base}/orders`, ...settings }) as JsonObject;
  const result = await handler(input, stepContext({ connection }));
  if ('suspend' in result) throw new Error('a request does not wait');
  return result;
}

async function failure(settings: JsonObject, connection?: OpenConnection): Promise<StepError> {
  const error: unknown = await call(settings, connection).catch((thrown: unknown) => thrown);
  if (error instanceof StepFailure) return error.error;
  throw new Error(`expected a StepFailure, got ${String(error)}`);
}

const bearer: OpenConnection = { connector: 'bearer_token', fields: { token: 's3cret-token' } };
const basic: OpenConnection = { connector: 'basic_auth', fields: { username: 'ada', password: 'pä:ss' } };

describe('what http.request sends', () => {
  it('gets by default, with neither body nor idempotency key', async () => {
    await call({ body: { ignored: true } });
    expect(received).toMatchObject([{ method: 'GET', url: '/orders', body: '' }]);
    expect(received[0]?.headers).not.toHaveProperty('idempotency-key');
    expect(received[0]?.headers).not.toHaveProperty('content-type');
  });

  it('adds the query to the one in the URL, repeats lists, leaves null out', async () => {
    await call({
      url: `${base}/orders?page=1`,
      query: { q: 'a b&c', tag: ['x', 'y'], none: null, n: 2, yes: true },
    });
    expect(received[0]?.url).toBe('/orders?page=1&q=a+b%26c&tag=x&tag=y&n=2&yes=true');
  });

  it.each<[string, JsonObject, string, string]>([
    ['JSON by default', { body: { a: [1, 'ü'] } }, 'application/json', '{"a":[1,"ü"]}'],
    ['JSON text', { body: 'text' }, 'application/json', '"text"'],
    ['JSON null', { body: null }, 'application/json', 'null'],
    [
      'a form',
      { bodyType: 'form', body: { a: 'b c', list: [1, 2], none: null } },
      'application/x-www-form-urlencoded',
      'a=b+c&list=1&list=2',
    ],
    ['text', { bodyType: 'text', body: 'plain ü' }, 'text/plain; charset=utf-8', 'plain ü'],
    ['an object as text', { bodyType: 'text', body: { a: 1 } }, 'text/plain; charset=utf-8', '{"a":1}'],
  ])('sends %s', async (_, settings, contentType, body) => {
    await call({ method: 'POST', ...settings });
    expect(received).toMatchObject([{ method: 'POST', body, headers: { 'content-type': contentType } }]);
  });

  it('sends no body when there is none', async () => {
    await call({ method: 'POST' });
    await call({ method: 'POST', bodyType: 'none', body: 'x' });
    expect(received.map(({ body, headers }) => [body, headers['content-type']])).toEqual([
      ['', undefined],
      ['', undefined],
    ]);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('carries the idempotency key on %s', async (method) => {
    await call({ method });
    expect(received[0]?.headers['idempotency-key']).toBe(IDEMPOTENCY_KEY);
  });

  it('leaves headers that the flow sets as they are', async () => {
    await call({
      method: 'POST',
      headers: {
        'Idempotency-Key': 'mine',
        'Content-Type': 'application/vnd.api+json',
        'X-Number': 7,
        'X-None': null,
      },
      body: {},
    });
    expect(received[0]?.headers).toMatchObject({
      'idempotency-key': 'mine',
      'content-type': 'application/vnd.api+json',
      'x-number': '7',
    });
    expect(received[0]?.headers).not.toHaveProperty('x-none');
  });

  it('authorises with a bearer token, or with name and password', async () => {
    await call({}, bearer);
    await call({}, basic);
    expect(received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer s3cret-token',
      `Basic ${Buffer.from('ada:pä:ss').toString('base64')}`,
    ]);
  });

  it.each<[string, JsonObject, OpenConnection | undefined, string, string]>([
    [
      'a header twice',
      { headers: { 'X-A': '1', 'x-a': '2' } },
      undefined,
      'invalid_header',
      '/config/headers/x-a',
    ],
    [
      'a header that brings another',
      { headers: { 'X-A': 'a\r\nX-B: b' } },
      undefined,
      'invalid_header',
      '/config/headers/X-A',
    ],
    [
      'a header that brings another in its name',
      { headers: { 'X-A: b\r\nX-C': 'a' } },
      undefined,
      'invalid_header',
      '/config/headers/X-A: b\r\nX-C',
    ],
    [
      'a header beyond Latin-1',
      { headers: { 'X-A': '→' } },
      undefined,
      'invalid_header',
      '/config/headers/X-A',
    ],
    [
      'two authorisations',
      { headers: { Authorization: 'Bearer other' } },
      bearer,
      'invalid_header',
      '/config/headers',
    ],
    [
      'a form of a list',
      { method: 'POST', bodyType: 'form', body: [1] },
      undefined,
      'invalid_body',
      '/config/body',
    ],
    [
      'a form with an object',
      { method: 'POST', bodyType: 'form', body: { a: { b: 1 } } },
      undefined,
      'invalid_body',
      '/config/body/a',
    ],
    ['a URL that cannot be read', { url: 'http://[::1' }, undefined, 'invalid_url', '/config/url'],
    [
      'a connection of another kind',
      {},
      { connector: 'signing_secret', fields: { secret: 'x' } },
      'connection_not_taken',
      '/connection',
    ],
  ])('refuses %s before anything is sent', async (_, settings, connection, code, pointer) => {
    expect(await failure(settings, connection)).toMatchObject({ kind: 'invalid', code, pointer });
    expect(received).toEqual([]);
  });
});

describe('what http.request gives', () => {
  it.each<[string, Answer, unknown]>([
    [
      'JSON',
      { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{"a":[1]}' },
      { a: [1] },
    ],
    [
      'JSON of a kind of its own',
      { status: 201, headers: { 'content-type': 'application/vnd.api+json' }, body: '[]' },
      [],
    ],
    ['text', { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>ü' }, '<p>ü'],
    [
      'text in Latin-1',
      {
        status: 200,
        headers: { 'content-type': 'text/plain; charset=iso-8859-1' },
        body: Buffer.from([0xfc]),
      },
      'ü',
    ],
    [
      'text in an unknown charset',
      { status: 200, headers: { 'content-type': 'text/plain; charset=nope' }, body: 'a' },
      'a',
    ],
    [
      'text that only says it is JSON',
      { status: 200, headers: { 'content-type': 'application/json' }, body: 'OK' },
      'OK',
    ],
    ['an empty body', { status: 204 }, null],
    [
      'an empty body that says it is JSON',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '' },
      null,
    ],
  ])('reads %s', async (_, given, body) => {
    answer = given;
    const { output, ports } = await call({});
    expect(output).toMatchObject({ status: given.status, body });
    expect(operation.output.safeParse(output).success).toBe(true);
    expect(ports).toBeUndefined();
  });

  it('gives headers with lower-case names', async () => {
    answer = { status: 200, headers: { 'X-Total': '12' }, body: 'x' };
    expect((await call({})).output).toMatchObject({ headers: { 'x-total': '12' } });
  });
});

describe('how http.request fails', () => {
  const date = 'Thu, 15 Jan 2026 09:30:00 GMT';
  const later = 'Thu, 15 Jan 2026 09:31:30 GMT';

  it.each<[number, OutgoingHttpHeaders, OpenConnection | undefined, string, number | undefined]>([
    [302, { location: '/elsewhere' }, undefined, 'invalid', undefined],
    [400, {}, undefined, 'invalid', undefined],
    [401, {}, undefined, 'invalid', undefined],
    [401, {}, bearer, 'auth', undefined],
    [403, {}, bearer, 'invalid', undefined],
    [404, {}, undefined, 'invalid', undefined],
    [408, {}, undefined, 'transient', undefined],
    [409, {}, undefined, 'invalid', undefined],
    [422, {}, undefined, 'invalid', undefined],
    [425, {}, undefined, 'transient', undefined],
    [429, {}, undefined, 'throttled', undefined],
    [429, { 'retry-after': '7' }, undefined, 'throttled', 7_000],
    [429, { 'retry-after': later, date }, undefined, 'throttled', 90_000],
    [429, { 'retry-after': date, date: later }, undefined, 'throttled', 0],
    [429, { 'retry-after': 'soon' }, undefined, 'throttled', undefined],
    [500, {}, undefined, 'transient', undefined],
    [502, {}, undefined, 'transient', undefined],
    [503, {}, undefined, 'transient', undefined],
    [503, { 'retry-after': '120' }, undefined, 'throttled', 120_000],
    [504, {}, undefined, 'transient', undefined],
  ])('%i %j', async (status, headers, connection, kind, retryAfterMs) => {
    answer = { status, headers };
    const error = await failure({}, connection);
    expect(error).toMatchObject({ kind, code: 'http_status', detail: { status } });
    expect(error.retryAfterMs).toBe(retryAfterMs);
  });

  it('says what happened in plain words, with the reply in the detail', async () => {
    answer = {
      status: 404,
      headers: { 'content-type': 'application/json', 'x-request-id': 'r1', 'set-cookie': 'session=1' },
      body: '{"error":"no such order"}',
    };
    const error = await failure({ method: 'POST', url: `${base}/orders?api_key=hidden` });
    expect(error.message).toBe(`POST ${base}/orders answered 404 Not Found: {"error":"no such order"}`);
    expect(error.detail).toMatchObject({
      status: 404,
      headers: { 'content-type': 'application/json', 'x-request-id': 'r1' },
      body: { error: 'no such order' },
    });
    expect(JSON.stringify(error)).not.toContain('session=1');
    expect(JSON.stringify(error)).not.toContain('hidden');
  });

  it('never holds the credentials, nor a page of text', async () => {
    answer = { status: 500, body: 'x'.repeat(100_000) };
    const error = await failure({}, bearer);
    expect(JSON.stringify(error)).not.toContain('s3cret');
    expect(JSON.stringify(error).length).toBeLessThan(5_000);
    expect(error.message.length).toBeLessThan(300);
  });
});
