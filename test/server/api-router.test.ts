import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { handleApiRequest } from '#server/api/handle-api-request.ts';
import { defineRoute, type RouteReply } from '#server/api/route.ts';
import { prisma } from '#server/db/prisma.ts';
import { notFound } from '#server/problem.ts';
import { callApi, type ApiCall } from '#test/support/call-api.ts';
import { makeApiKey, makeSession, makeUser, makeWorkspace } from '#test/support/people.ts';
import { PUBLIC_URL, useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();

const replies = { 200: { description: 'Done.' } };
const common = { tag: 'Things', summary: 'x', replies } as const;
let handled = 0;
let gate = Promise.resolve();

const routes = [
  defineRoute({
    ...common,
    method: 'GET',
    path: '/things',
    id: 'list',
    action: 'flow:read',
    query: z.object({ limit: z.coerce.number().int().max(10).default(5) }),
    handle: async ({ query }) => ({ status: 200, body: query }),
  }),
  defineRoute({
    ...common,
    method: 'GET',
    path: '/things/fixed',
    id: 'fixed',
    action: 'flow:read',
    handle: async () => ({ status: 200, body: { fixed: true }, headers: { etag: '"1"' } }),
  }),
  defineRoute({
    ...common,
    method: 'GET',
    path: '/things/{id}',
    id: 'read',
    action: 'flow:read',
    params: z.object({ id: z.string().max(20) }),
    handle: async ({ params }) => ({ status: 200, body: params }),
  }),
  defineRoute({
    ...common,
    method: 'POST',
    path: '/things',
    id: 'create',
    action: 'flow:edit',
    maxBodyBytes: 2_000,
    body: z.strictObject({
      name: z.string().min(2),
      list: z.array(z.union([z.strictObject({ a: z.int() }), z.string()])).optional(),
      any: z.unknown().optional(),
    }),
    handle: async ({ body }): Promise<RouteReply> => {
      handled += 1;
      const number = handled;
      await gate;
      if (body.name === 'fail') throw notFound('thing');
      if (body.name === 'crash') throw new Error('secret internals');
      return { status: 201, body: { number }, headers: { location: `/things/${number}` } };
    },
  }),
  defineRoute({
    ...common,
    method: 'POST',
    path: '/things/{id}/poke',
    id: 'poke',
    action: 'run:start',
    handle: async () => ({ status: 204 }),
  }),
  defineRoute({
    ...common,
    method: 'DELETE',
    path: '/things/{id}',
    id: 'delete',
    action: 'flow:delete',
    handle: async () => ({ status: 204 }),
  }),
];

let workspaceId = '';
let key = '';
let cookie = '';
let userId = '';
const call = (line: string, options: ApiCall = {}) => callApi(line, { routes, key, ...options });
const withCookie = (line: string, options: ApiCall = {}) => callApi(line, { routes, cookie, ...options });

beforeAll(async () => {
  workspaceId = await makeWorkspace();
  key = await makeApiKey(workspaceId, 'editor');
  userId = (await makeUser(workspaceId, 'editor')).id;
  cookie = await makeSession(userId);
});

describe('routing', () => {
  test('fixed segments win over parameters, which are decoded', async () => {
    expect((await call('GET /things/fixed')).body).toEqual({ fixed: true });
    expect((await call('GET /things/a%2Fb')).body).toEqual({ id: 'a/b' });
  });

  test('unknown addresses are 404, known ones without the method 405 with Allow', async () => {
    expect(await call('GET /nothing')).toMatchObject({ status: 404, body: { type: '/problems/not_found' } });
    const reply = await call('PUT /things/fixed', { body: {} });
    expect(reply.status).toBe(405);
    expect(reply.headers.get('allow')).toBe('GET, HEAD, DELETE');
    expect((await call('GET /things/%E0%A4%A')).status).toBe(404);
    expect((await call('OPTIONS /things')).status).toBe(405);
  });

  test('HEAD answers as GET does, without the body', async () => {
    const reply = await call('HEAD /things/fixed');
    expect(reply).toMatchObject({ status: 200, body: undefined });
    expect(reply.headers.get('etag')).toBe('"1"');
  });

  test('every reply is private and carries a request id', async () => {
    for (const reply of [
      await call('GET /things'),
      await call('GET /nothing'),
      await call('GET /things', { key: 'bad' }),
    ]) {
      expect(reply.headers.get('cache-control')).toBe('private, no-store');
      expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('an unexpected error says nothing of the inside', async () => {
    const reply = await call('POST /things', { body: { name: 'crash' } });
    expect(reply.status).toBe(500);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.stringify(reply.body)).not.toContain('secret internals');
    expect(reply.body.detail).toContain(reply.headers.get('x-request-id'));
  });
});

describe('callers', () => {
  test('nobody is 401 with the challenge', async () => {
    const reply = await callApi('GET /things', { routes });
    expect(reply).toMatchObject({ status: 401, body: { status: 401, type: '/problems/unauthenticated' } });
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('a key in the URL is refused, whatever its name', async () => {
    for (const name of ['api_key', 'access_token', 'token', 'API_KEY']) {
      expect((await call(`GET /things?${name}=${key}`)).status).toBe(400);
      expect((await callApi(`GET /things?${name}=${key}`, { routes })).status).toBe(401);
    }
  });

  test('the middleware bypass header changes nothing', async () => {
    const value = 'middleware:middleware:middleware:middleware:middleware';
    expect(
      (await callApi('GET /things', { routes, headers: { 'x-middleware-subrequest': value } })).status,
    ).toBe(401);
  });

  test('a role that lacks the right is 403, before the body is looked at', async () => {
    const viewer = await makeApiKey(workspaceId, 'viewer');
    const reply = await call('POST /things', { key: viewer, body: 'not json' });
    expect(reply).toMatchObject({ status: 403, body: { detail: expect.stringContaining('editor') } });
  });
});

describe('requests from other sites', () => {
  const body = { name: 'thing' };

  test('a session works from this site', async () => {
    expect((await withCookie('POST /things', { body })).status).toBe(201);
    expect((await withCookie('GET /things', { headers: { origin: '' } })).status).toBe(200);
  });

  test('and from the host that the request was sent to', async () => {
    const headers = { origin: 'http://localhost:3000', host: 'localhost:3000' };
    expect((await withCookie('POST /things', { body, headers })).status).toBe(201);
  });

  test.each([
    ['another origin', 'https://evil.example'],
    ['another port', 'http://127.0.0.1:3001'],
    ['another scheme on another host', 'https://127.0.0.1.evil.example'],
    ['a sandboxed frame', 'null'],
    ['nowhere', ''],
  ])('a mutation by session from %s is 403', async (_name, origin) => {
    const before = handled;
    for (const line of ['POST /things', 'POST /things/1/poke', 'DELETE /things/1']) {
      expect((await withCookie(line, { body, headers: { origin } })).status, line).toBe(403);
    }
    expect(handled).toBe(before);
  });

  test('a read by session that names another origin is 403', async () => {
    expect((await withCookie('GET /things', { headers: { origin: 'https://evil.example' } })).status).toBe(
      403,
    );
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-7',
    'text/json',
    '',
  ])('a body of type %j is 415, also with a key', async (type) => {
    expect((await withCookie('POST /things', { body, headers: { 'content-type': type } })).status).toBe(415);
    expect((await call('POST /things', { body, headers: { 'content-type': type } })).status).toBe(415);
  });

  test('a key needs no Origin', async () => {
    expect((await call('POST /things', { body })).status).toBe(201);
  });
});

describe('input', () => {
  test('every fault of a body is listed with its pointer', async () => {
    const reply = await call('POST /things', {
      body: { name: 'x', role: 'owner', list: [{ a: 1 }, { a: 'no' }] },
    });
    expect(reply.status).toBe(400);
    expect(reply.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      '/list/1',
      '/name',
      '/role',
    ]);
    const missing = await call('POST /things', { body: {} });
    expect(missing.body.errors).toEqual([
      { pointer: '/name', message: 'This is required.', code: 'required' },
    ]);
  });

  test('no body counts as an empty one', async () => {
    expect((await call('POST /things/1/poke')).status).toBe(204);
    expect((await call('POST /things/1/poke', { body: { extra: 1 } })).status).toBe(400);
    expect((await call('POST /things')).body.errors).toHaveLength(1);
  });

  test('query parameters are checked, unknown and repeated ones refused', async () => {
    expect((await call('GET /things?limit=3')).body).toEqual({ limit: 3 });
    expect((await call('GET /things?limit=99')).body.errors).toMatchObject([{ pointer: '/limit' }]);
    expect((await call('GET /things?limit=3&limit=4')).status).toBe(400);
    expect((await call('GET /things?other=1')).status).toBe(400);
  });

  test('what cannot be an id is 404', async () => {
    expect((await call(`GET /things/${'x'.repeat(30)}`)).status).toBe(404);
  });

  const deep = (levels: number) => `{"name":"deep","any":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  test.each([
    ['not JSON', '{"name":', 400],
    ['nested too deep', deep(64), 400],
    ['deep enough', deep(60), 201],
    ['a prototype key', '{"name":"x1","any":{"__proto__":{"role":"owner"}}}', 400],
    ['a constructor key', '{"name":"x1","any":[{"constructor":1}]}', 400],
    ['a NUL', '{"name":"x1","any":"\\u0000"}', 400],
    ['half a surrogate pair', '{"name":"x1","any":"\\ud800"}', 400],
    ['an array', '[]', 400],
    ['null', 'null', 400],
    ['too long', JSON.stringify({ name: 'x'.repeat(2_000) }), 413],
  ])('a body that is %s', async (_name, body, status) => {
    const reply = await call('POST /things', { body });
    expect(reply.status).toBe(status);
  });

  test('a body is counted while it arrives, whatever its length is said to be', async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(1_000).fill(32));
      },
    });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body, duplex: 'half' };
    const response = await handleApiRequest(new Request(`${PUBLIC_URL}/api/v1/things`, init), routes);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(10);
  });

  test('bytes that are not UTF-8 are 400', async () => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const request = new Request(`${PUBLIC_URL}/api/v1/things`, {
      method: 'POST',
      headers,
      body: Buffer.from([0x22, 0xff, 0x22]),
    });
    expect((await handleApiRequest(request, routes)).status).toBe(400);
  });
});

describe('Idempotency-Key', () => {
  const body = { name: 'thing' };
  const keyed = (name: string, options: ApiCall = {}) =>
    call('POST /things', { body, ...options, headers: { 'idempotency-key': name, ...options.headers } });
  const age = (seconds: number) =>
    prisma()
      .$executeRaw`UPDATE idempotency_record SET created_at = now() - make_interval(secs => ${seconds})`;

  test('the same request gets the same reply and runs once', async () => {
    const before = handled;
    const first = await keyed('same');
    const second = await keyed('same');
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(handled).toBe(before + 1);
  });

  test('twenty at once run once; the others hear 409 or the reply', async () => {
    const before = handled;
    let open = () => {};
    gate = new Promise((resolve) => (open = resolve));
    const all = Promise.all(Array.from({ length: 20 }, () => keyed('at once')));
    await expect.poll(() => handled).toBe(before + 1);
    const early = await keyed('at once');
    expect(early).toMatchObject({ status: 409 });
    expect(early.headers.get('retry-after')).toBe('1');
    open();
    const statuses = (await all).map(({ status }) => status);
    expect(handled).toBe(before + 1);
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1);
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true);
    expect((await keyed('at once')).status).toBe(201);
    expect(handled).toBe(before + 1);
  });

  test('another payload is 422', async () => {
    await keyed('payload');
    expect((await keyed('payload', { body: { name: 'other' } })).status).toBe(422);
  });

  test('keys of different actors and routes do not meet', async () => {
    const first = await keyed('mine');
    const other = await keyed('mine', { key: await makeApiKey(workspaceId, 'editor') });
    expect(other.body).not.toEqual(first.body);
    expect((await call('POST /things/1/poke', { headers: { 'idempotency-key': 'mine' } })).status).toBe(204);
  });

  test('a reply without a body is repeated too', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await call('POST /things/2/poke', { headers: { 'idempotency-key': 'empty' } })).toMatchObject({
        status: 204,
        body: undefined,
      });
    }
  });

  test('a failed request leaves its key free', async () => {
    for (const [name, status] of [
      ['fail', 404],
      ['crash', 500],
    ] as const) {
      expect((await keyed(`free ${name}`, { body: { name } })).status).toBe(status);
      expect((await keyed(`free ${name}`)).status).toBe(201);
    }
  });

  test('a request whose server died blocks the key for three minutes only', async () => {
    await keyed('crashed');
    await prisma().idempotencyRecord.updateMany({ data: { status: null } });
    expect((await keyed('crashed')).status).toBe(409);
    await age(181);
    expect((await keyed('crashed')).status).toBe(201);
  });

  test('a reply is forgotten after a day', async () => {
    const first = await keyed('day');
    await age(86_300);
    expect((await keyed('day')).body).toEqual(first.body);
    await age(86_401);
    expect((await keyed('day')).body).not.toEqual(first.body);
  });

  test('replies are stored sealed', async () => {
    await keyed('sealed');
    const records = await prisma().idempotencyRecord.findMany({ where: { scope: { endsWith: ' sealed' } } });
    expect(Object.keys(records[0]?.body ?? {})).toEqual(['sealed']);
    expect(JSON.stringify(records[0]?.body)).not.toMatch(/number|location/);
  });

  test.each(['x'.repeat(256), 'tab\there', 'é'])('%j is 400', async (name) => {
    expect((await keyed(name)).status).toBe(400);
  });
});

describe('streams', () => {
  const encoder = new TextEncoder();
  let cancelled = false;
  const streaming = [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/stream',
      id: 'stream',
      action: 'run:read',
      handle: async () => ({
        status: 200,
        stream: new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(encoder.encode('data: hello\n\n')),
          cancel: () => {
            cancelled = true;
          },
        }),
      }),
    }),
  ];
  const open = (headers: HeadersInit, signal?: AbortSignal) =>
    handleApiRequest(
      new Request(`${PUBLIC_URL}/api/v1/stream`, { headers, ...(signal ? { signal } : {}) }),
      streaming,
    );

  async function readToEnd(response: Response): Promise<string> {
    let text = '';
    for await (const chunk of response.body!) text += Buffer.from(chunk).toString();
    return text;
  }

  test('are server-sent events that end within five seconds of a revoke', async () => {
    cancelled = false;
    const mine = await makeSession(userId);
    const response = await open({ cookie: mine });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const end = readToEnd(response);
    await prisma().session.updateMany({ where: { userId }, data: { revokedAt: new Date() } });
    const revokedAt = Date.now();
    expect(await end).toBe('data: hello\n\n');
    expect(Date.now() - revokedAt).toBeLessThan(5_000);
    expect(cancelled).toBe(true);
  });

  test('end when the client goes', async () => {
    cancelled = false;
    const controller = new AbortController();
    const response = await open({ authorization: `Bearer ${key}` }, controller.signal);
    const end = readToEnd(response);
    controller.abort();
    await end;
    expect(cancelled).toBe(true);
  });

  test('release their source when the reader cancels', async () => {
    cancelled = false;
    const response = await open({ authorization: `Bearer ${key}` });
    await response.body!.cancel();
    await expect.poll(() => cancelled).toBe(true);
  });
});
