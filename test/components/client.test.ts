import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { api, callApi, queryString, randomKey } from '#components/api/client.ts';

/** A real server; `fetch` of a browser knows its origin, that of Node must be told. */
let server: Server;
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
let reply: { status: number; body: string; headers?: Record<string, string> };

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(reply.status, reply.headers);
      response.end(reply.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const realFetch = globalThis.fetch;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => realFetch(origin + path, init));
});

afterAll(async () => {
  vi.unstubAllGlobals();
  await new Promise((done) => server.close(done));
});

beforeEach(() => {
  seen = [];
  reply = { status: 200, body: '{"name":"Orders"}' };
});

const schema = z.object({ name: z.string() });

describe('callApi', () => {
  test('gives data and ETag of a reply', async () => {
    reply = { status: 200, body: '{"name":"Orders"}', headers: { etag: '"7"' } };
    expect(await callApi('/flows/orders', { schema })).toEqual({
      data: { name: 'Orders' },
      status: 200,
      etag: '"7"',
    });
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/api/v1/flows/orders' });
    expect(seen[0]?.headers['idempotency-key']).toBeUndefined();
  });

  test('a POST carries a fresh Idempotency-Key, or the one that is given', async () => {
    await api.post('/flows', { a: 1 });
    await api.post('/flows', { a: 1 });
    await api.post('/flows', { a: 1 }, { idempotencyKey: 'mine' });
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).not.toBe(keys[0]);
    expect(keys[2]).toBe('mine');
    expect(seen[0]).toMatchObject({ method: 'POST', body: '{"a":1}' });
  });

  test('throws the problem of a refusal', async () => {
    reply = { status: 409, body: '{"type":"/problems/slug_taken","title":"t","status":409,"detail":"d"}' };
    await expect(api.put('/flows/orders', {})).rejects.toMatchObject({
      name: 'ApiProblem',
      status: 409,
      code: 'slug_taken',
    });
  });

  test('throws a problem for a page of a proxy', async () => {
    reply = { status: 502, body: '<html>Bad Gateway</html>' };
    await expect(api.get('/flows/orders', { schema })).rejects.toMatchObject({ status: 502 });
  });

  test('refuses an answer of another shape', async () => {
    reply = { status: 200, body: '{"name":7}' };
    await expect(api.get('/flows/orders', { schema })).rejects.toThrow(/not understood \(name/);
  });

  test('refuses a page of a proxy where an answer was asked for', async () => {
    reply = { status: 200, body: '<html>Sign in to the Wi-Fi</html>' };
    await expect(api.get('/flows/orders')).rejects.toThrow(/not understood \(it holds no JSON/);
  });

  test('an answer without content is none', async () => {
    reply = { status: 204, body: '' };
    expect(await api.delete('/flows/orders')).toBeUndefined();
  });

  test('an abort passes through', async () => {
    const signal = AbortSignal.abort();
    await expect(api.get('/flows/orders', { schema, signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('queryString', () => {
  test.each([
    [{}, ''],
    [{ a: undefined, b: null, c: '', d: [] }, ''],
    [{ limit: 50, q: 'a b', status: ['failed', 'running'] }, '?limit=50&q=a+b&status=failed%2Crunning'],
  ])('%j is %s', (query, text) => {
    expect(queryString(query)).toBe(text);
  });
});

test('randomKey gives 128 bits as hexadecimal', () => {
  expect(randomKey()).toMatch(/^[0-9a-f]{32}$/);
});
