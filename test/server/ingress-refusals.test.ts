import { createHmac } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { beforeAll, describe, expect, it } from 'vitest';

import type { JsonObject } from '#core/json.ts';
import {
  countStored,
  deliver,
  eventsOf,
  makeHook,
  startHookServer,
  unpublishHook,
  type Delivery,
  type HookServer,
  type TestHook,
} from '#test/support/hook-fixture.ts';
import { useHooks } from '#test/support/use-hooks.ts';

const NOW_SECONDS = 1_700_000_000;
const hooks = useHooks({ now: () => NOW_SECONDS * 1000 });

const SECRET = 'whsec_stripe-secret';
const BODY = '{\r\n  "id": "evt_9",\r\n  "amount": 1200\r\n}';
const MEGABYTE = 1_048_576;

const hex = (secret: string, text: string | Buffer) =>
  createHmac('sha256', secret).update(text).digest('hex');
const stripeHeader = (secret: string, body: string | Buffer, time: string | number = NOW_SECONDS) =>
  `t=${time},v1=${createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex')}`;

/** A rightly signed Stripe delivery, with something changed. */
function stripe(
  change: { headers?: Record<string, string>; body?: string | Buffer; signature?: string } = {},
): Delivery {
  const signature = change.signature ?? stripeHeader(SECRET, BODY);
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature, ...change.headers };
  return { headers, body: change.body ?? BODY };
}

const right = stripeHeader(SECRET, BODY);
const rightHex = right.split('v1=')[1]!;
const flip = (text: string, at: number) =>
  text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);

describe('a Stripe hook refuses with 401 and an empty body, and stores nothing', () => {
  let hook: TestHook;
  beforeAll(async () => {
    const config = { verify: { scheme: 'stripe' } };
    hook = await makeHook({ workspaceId: hooks.workspaceId, config, fields: { secret: SECRET } });
    await makeHook({ workspaceId: hooks.workspaceId, config, fields: { secret: 'whsec_of-another-flow' } });
  });

  it.each<[string, Delivery]>([
    ['bad key', stripe({ signature: stripeHeader('whsec_wrong', BODY) })],
    ['another endpoint’s secret', stripe({ signature: stripeHeader('whsec_of-another-flow', BODY) })],
    ['the key decoded instead of verbatim', stripe({ signature: stripeHeader(SECRET.slice(6), BODY) })],
    ['flipped bit in the body', stripe({ body: BODY.replace('1200', '1201') })],
    ['flipped bit in the signature', stripe({ signature: flip(right, right.length - 1) })],
    ['time 301 s old', stripe({ signature: stripeHeader(SECRET, BODY, NOW_SECONDS - 301) })],
    ['time 301 s ahead', stripe({ signature: stripeHeader(SECRET, BODY, NOW_SECONDS + 301) })],
    ['time NaN', stripe({ signature: stripeHeader(SECRET, BODY, 'NaN') })],
    ['time 1e9', stripe({ signature: stripeHeader(SECRET, BODY, '1e9') })],
    ['time missing', stripe({ signature: `v1=${rightHex}` })],
    ['time duplicated', stripe({ signature: `t=${NOW_SECONDS},${right}` })],
    ['missing header', { headers: { 'content-type': 'application/json' }, body: BODY }],
    ['re-serialised body', stripe({ body: JSON.stringify(JSON.parse(BODY)) })],
    ['CRLF changed to LF', stripe({ body: BODY.replaceAll('\r\n', '\n') })],
    ['byte order mark before the body', stripe({ body: `\uFEFF${BODY}` })],
    ['empty body', stripe({ body: '' })],
    ['signature of the wrong length', stripe({ signature: right.slice(0, -2) })],
    ['signature that is no hex', stripe({ signature: `t=${NOW_SECONDS},v1=${'z'.repeat(64)}` })],
    ['upper-case hex', stripe({ signature: `t=${NOW_SECONDS},v1=${rightHex.toUpperCase()}` })],
    [
      'url-safe base64',
      stripe({ signature: `t=${NOW_SECONDS},v1=${Buffer.from(rightHex, 'hex').toString('base64url')}` }),
    ],
    ['an older scheme of signature', stripe({ signature: `t=${NOW_SECONDS},v0=${rightHex}` })],
    [
      'two signature headers',
      { headers: ['Stripe-Signature', right, 'Stripe-Signature', right], body: BODY },
    ],
    [
      'gzip body, signed as it was before packing',
      stripe({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(BODY) }),
    ],
    [
      '__proto__ as a header',
      { headers: ['__proto__', right, 'content-type', 'application/json'], body: BODY },
    ],
  ])('%s', async (_, delivery) => {
    const before = await countStored();
    const reply = await deliver(hooks.server, hook.path, delivery);
    expect({ status: reply.status, text: reply.text }).toEqual({ status: 401, text: '' });
    expect(await countStored()).toEqual(before);
  });

  it('takes the delivery that all of these were made from', async () => {
    expect(await deliver(hooks.server, hook.path, stripe())).toMatchObject({ status: 202 });
    expect(await eventsOf(hook)).toHaveLength(1);
  });
});

describe('base64 dialects refuse other spellings', () => {
  const body = '{"id":1}';
  // A key whose signature holds all of `+`, `/` and `=`.
  const key = Array.from({ length: 500 }, (_, index) => `key-${index}`).find((each) =>
    /^(?=.*\+)(?=.*\/).*=$/.test(createHmac('sha256', each).update(body).digest('base64')),
  )!;
  const signature = createHmac('sha256', key).update(body).digest('base64');

  it.each([
    ['url-safe base64', signature.replaceAll('+', '-').replaceAll('/', '_')],
    ['padding removed', signature.replace(/=+$/, '')],
    ['hex instead of base64', Buffer.from(signature, 'base64').toString('hex')],
    ['blanks inside', `${signature.slice(0, 10)} ${signature.slice(10)}`],
  ])('%s', async (_, given) => {
    const config = { verify: { scheme: 'shopify' } };
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config, fields: { secret: key } });
    const send = (value: string) =>
      deliver(hooks.server, hook.path, { headers: { 'x-shopify-hmac-sha256': value }, body });
    expect(await send(given)).toMatchObject({ status: 401, text: '' });
    expect(await eventsOf(hook)).toEqual([]);
    expect(await send(signature)).toMatchObject({ status: 202 });
  });
});

describe('a check whose secret is not configured fails closed', () => {
  it.each([
    ['no connection is named', { verify: { scheme: 'github' } }, undefined, undefined],
    ['the connection is of another kind', { verify: { scheme: 'github' } }, { token: 'abc' }, 'bearer_token'],
  ] as const)('%s', async (_, config, fields, connector) => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config, fields, connector });
    for (const key of ['', 'undefined', 'null', 'abc']) {
      const headers = { 'x-hub-signature-256': `sha256=${hex(key, BODY)}` };
      expect(await deliver(hooks.server, hook.path, { headers, body: BODY })).toMatchObject({
        status: 401,
        text: '',
      });
    }
    expect(await deliver(hooks.server, hook.path, { body: BODY })).toMatchObject({ status: 401, text: '' });
    expect(await eventsOf(hook)).toEqual([]);
  });
});

describe('other refusals store nothing either', () => {
  const chunked = { 'transfer-encoding': 'chunked' };
  const rows: [string, JsonObject, Delivery, { status: number; headers?: Record<string, string> }][] = [
    ['1 MB and one byte', {}, { body: Buffer.alloc(MEGABYTE + 1, 'a') }, { status: 413 }],
    [
      '1 MB and one byte, length not declared',
      {},
      { headers: chunked, body: Buffer.alloc(MEGABYTE + 1, 'a') },
      { status: 413 },
    ],
    [
      'far more than 1 MB, length not declared',
      {},
      { headers: chunked, body: Buffer.alloc(8 * MEGABYTE, 'a') },
      { status: 413 },
    ],
    ['one byte over the flow’s own limit', { maxBodyBytes: 10 }, { body: 'a'.repeat(11) }, { status: 413 }],
    [
      'gzip that unpacks to more than the limit',
      {},
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(MEGABYTE + 1)) },
      { status: 413 },
    ],
    ['br', {}, { headers: { 'content-encoding': 'br' }, body: brotliCompressSync('{}') }, { status: 415 }],
    ['deflate', {}, { headers: { 'content-encoding': 'deflate' }, body: 'x' }, { status: 415 }],
    [
      'gzip twice',
      {},
      { headers: { 'content-encoding': 'gzip, gzip' }, body: gzipSync(gzipSync('x')) },
      { status: 415 },
    ],
    ['gzip that is none', {}, { headers: { 'content-encoding': 'gzip' }, body: 'plain' }, { status: 415 }],
    [
      'two content types',
      {},
      { headers: ['content-type', 'application/json', 'content-type', 'text/plain'], body: '{}' },
      { status: 415 },
    ],
    [
      'JSON in UTF-7',
      {},
      { headers: { 'content-type': 'application/json; charset=utf-7' }, body: '{}' },
      { status: 415 },
    ],
    [
      'JSON in UTF-16',
      {},
      { headers: { 'content-type': 'application/json; charset=utf-16le' }, body: '{}' },
      { status: 415 },
    ],
    [
      'JSON that says it is multipart',
      {},
      {
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: '{"files":{"x":{"filepath":"/etc/passwd"}}}',
      },
      { status: 415 },
    ],
    ['another method', {}, { method: 'GET' }, { status: 405, headers: { allow: 'POST' } }],
    [
      'another method than PUT',
      { method: 'PUT' },
      { body: '{}' },
      { status: 405, headers: { allow: 'PUT' } },
    ],
    ['address outside the list', { ipAllow: ['203.0.113.0/24', '::1'] }, { body: '{}' }, { status: 403 }],
    [
      'a body that breaks the schema',
      { schema: { type: 'object', required: ['id'] }, onSchemaMismatch: 'reject' },
      { headers: { 'content-type': 'application/json' }, body: '{"name":1}' },
      { status: 422 },
    ],
  ];

  it.each(rows)('%s', async (_, config, delivery, expected) => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config });
    const before = await countStored();
    const reply = await deliver(hooks.server, hook.path, delivery);
    expect(reply.status).toBe(expected.status);
    expect(reply.headers).toMatchObject({ 'content-type': 'application/problem+json', ...expected.headers });
    expect(reply.json).toMatchObject({
      status: expected.status,
      title: expect.any(String),
      detail: expect.any(String),
    });
    expect(await countStored()).toEqual(before);
  });

  it('an unknown token, a path below a known one, a token cut short', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    const before = await countStored();
    for (const path of [
      `/hooks/${'A'.repeat(32)}`,
      `${hook.path}/x`,
      hook.path.slice(0, -1),
      '/hooks/',
      '/hooks/__proto__',
      '/hooks',
    ])
      expect(await deliver(hooks.server, path, { body: '{}' })).toMatchObject({ status: 404 });
    expect(await countStored()).toEqual(before);
  });

  it('a flow that is not published, from the very moment on', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    expect(await deliver(hooks.server, hook.path, { body: '{}' })).toMatchObject({ status: 202 });
    await unpublishHook(hook);
    const before = await countStored();
    expect(await deliver(hooks.server, hook.path, { body: '{}' })).toMatchObject({ status: 410 });
    expect(await countStored()).toEqual(before);
  });
});

describe('at the limits, a delivery is taken', () => {
  it('exactly 1 MB, exactly the flow’s own limit, and 10 MB where the flow allows it', async () => {
    const plain = await makeHook({ workspaceId: hooks.workspaceId });
    const wide = await makeHook({ workspaceId: hooks.workspaceId, config: { maxBodyBytes: 10 * MEGABYTE } });
    expect(await deliver(hooks.server, plain.path, { body: Buffer.alloc(MEGABYTE, 'a') })).toMatchObject({
      status: 202,
    });
    const large = Buffer.alloc(10 * MEGABYTE, 'b');
    expect(
      await deliver(hooks.server, wide.path, { headers: { 'transfer-encoding': 'chunked' }, body: large }),
    ).toMatchObject({ status: 202 });
    const [stored] = await eventsOf(wide);
    expect(large.equals(stored!.body)).toBe(true);
  });

  it('gzip, signed as it was sent; the packed bytes are what is stored', async () => {
    const config = { verify: { scheme: 'github' } };
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config, fields: { secret: 's' } });
    const packed = gzipSync('{"id":1}');
    const headers = {
      'content-encoding': 'gzip',
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${hex('s', packed)}`,
    };
    expect(await deliver(hooks.server, hook.path, { headers, body: packed })).toMatchObject({ status: 202 });
    const [stored] = await eventsOf(hook);
    expect(packed.equals(stored!.body)).toBe(true);
  });

  it('an empty body that is rightly signed', async () => {
    const config = { verify: { scheme: 'github' } };
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config, fields: { secret: 's' } });
    const headers = { 'x-hub-signature-256': `sha256=${hex('s', '')}` };
    expect(await deliver(hooks.server, hook.path, { headers })).toMatchObject({ status: 202 });
    expect((await eventsOf(hook))[0]!.body).toHaveLength(0);
  });

  it('an address that is on the list', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: { ipAllow: ['127.0.0.0/8'] } });
    expect(await deliver(hooks.server, hook.path, { body: 'x' })).toMatchObject({ status: 202 });
  });
});

describe('the server survives what it refuses', () => {
  it('keeps the connection usable after a refusal that left a small body unread', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    const own: HookServer = await startHookServer();
    const { Agent } = await import('node:http');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      expect(await deliver(own, hook.path, { method: 'PUT', body: 'x'.repeat(1_000), agent })).toMatchObject({
        status: 405,
      });
      const second = await deliver(own, hook.path, { body: 'x', agent });
      expect(second).toMatchObject({ status: 202, headers: { connection: 'keep-alive' } });
    } finally {
      agent.destroy();
      await own.stop();
    }
  });

  it('takes a request with many odd headers', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    const odd = ['constructor', 'prototype', 'toString', '__proto__', 'hasOwnProperty'].flatMap((name) => [
      name,
      'x',
    ]);
    expect(await deliver(hooks.server, hook.path, { headers: odd, body: 'x' })).toMatchObject({
      status: 202,
    });
    const [stored] = await eventsOf(hook);
    expect(stored!.headers).toMatchObject({ constructor: 'x', prototype: 'x', tostring: 'x' });
    expect(Object.hasOwn(stored!.headers, '__proto__')).toBe(false);
  });
});
