import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { parseExposition, sampleOf } from '#test/support/parse-exposition.ts';
import { startProduct, type Product } from '#test/support/product.ts';
import { waitFor } from '#test/support/wait-for.ts';

const LONG = 240_000;
let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, LONG);
afterAll(async () => {
  await product?.stop();
}, LONG);

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request whose headers are all ours: fetch would refuse some of them. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((done, fail) => {
    const outgoing = httpRequest(`${product.url}${path}`, { method, headers, agent: false }, (reply) => {
      let body = '';
      reply.on('data', (chunk: Buffer) => (body += chunk.toString()));
      reply.on('end', () => done({ status: reply.statusCode ?? 0, headers: reply.headers, body }));
    });
    outgoing.once('error', fail);
    outgoing.end();
  });
}

const policyOf = (reply: Reply): string => String(reply.headers['content-security-policy']);
const nonceOf = (reply: Reply): string => /'nonce-([^']+)'/.exec(policyOf(reply))?.[1] ?? '';

describe('every reply', () => {
  test.each(['/sign-in', '/api/v1/flows', '/hooks/unknown', '/healthz', '/no-such-page'])(
    'carries the security headers: %s',
    async (path) => {
      const { headers } = await ask(path);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['referrer-policy']).toBe('strict-origin-when-cross-origin');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['permissions-policy']).toContain('camera=()');
      expect(headers['x-powered-by']).toBeUndefined();
      // The product under test is reached by http: HSTS would lock people out.
      expect(headers['strict-transport-security']).toBeUndefined();
    },
  );
});

describe('pages', () => {
  test('allow only scripts with a nonce that is new each time', async () => {
    const [first, second] = [await ask('/sign-in'), await ask('/sign-in')];
    expect(first.status).toBe(200);
    expect(nonceOf(first)).toHaveLength(24);
    expect(nonceOf(first)).not.toBe(nonceOf(second));
    const policy = policyOf(first);
    expect(policy).toContain("script-src 'nonce-");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    for (const part of [
      "default-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "form-action 'self'",
    ])
      expect(policy).toContain(part);
  });

  test('put that nonce on every script', async () => {
    const page = await ask('/sign-in');
    const scripts = [...page.body.matchAll(/<script\b[^>]*>/g)].map((match) => match[0]);
    expect(scripts.length).toBeGreaterThan(2);
    for (const script of scripts) expect(script).toContain(`nonce="${nonceOf(page)}"`);
  });

  test('are sent on to signing in when nobody is signed in', async () => {
    const page = await ask('/flows');
    expect([page.status, page.headers['location']]).toEqual([307, '/sign-in']);
  });

  test('take no header that steers the framework from inside', async () => {
    for (const name of [
      'x-middleware-subrequest',
      'x-middleware-rewrite',
      'x-invoke-path',
      'x-matched-path',
    ]) {
      const page = await ask('/flows', { [name]: 'middleware:middleware:middleware' });
      expect([name, page.status, page.headers['location']]).toEqual([name, 307, '/sign-in']);
    }
  });

  test('are compressed for those who can read that', async () => {
    const compressed = await ask('/docs/api', { 'accept-encoding': 'gzip' });
    expect([compressed.status, compressed.headers['content-encoding']]).toEqual([200, 'gzip']);
    expect(compressed.body.length).toBeLessThan(150_000);
    const plain = await ask('/docs/api');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body).toContain('</html>');
    const hook = await ask('/hooks/unknown', { 'accept-encoding': 'gzip' });
    expect([hook.status, hook.headers['content-encoding']]).toEqual([404, undefined]);
  });

  test('refuse Server Actions, which are not in use', async () => {
    expect((await ask('/sign-in', { 'next-action': '0'.repeat(40) }, 'POST')).status).toBe(400);
  });

  test('refuse a foreign name on loopback', async () => {
    const reply = await ask('/sign-in', { host: 'rebound.example' });
    expect(reply.status).toBe(421);
    expect(JSON.parse(reply.body)).toMatchObject({ status: 421, title: 'Misdirected request' });
    expect((await ask('/sign-in', { host: `localhost:${new URL(product.url).port}` })).status).toBe(200);
  });
});

describe('hooks', () => {
  test('are answered under any name, sandboxed, and without a page around them', async () => {
    const reply = await ask('/hooks/unknown', { host: 'rebound.example' }, 'POST');
    expect(reply.status).toBe(404);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(policyOf(reply)).toBe("sandbox; default-src 'none'; frame-ancestors 'none'");
  });
});

describe('probes', () => {
  test('say that the process lives and is ready', async () => {
    expect((await ask('/healthz')).status).toBe(200);
    expect((await ask('/readyz')).status).toBe(200);
  });

  test('give metrics to loopback', async () => {
    const reply = await ask('/metrics');
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toContain('text/plain; version=0.0.4');
    const metrics = parseExposition(reply.body);
    expect(sampleOf(metrics, 'patchbay_runs_active', { status: 'queued' })).toBe(0);
    expect(sampleOf(metrics, 'patchbay_dead_letters_open')).toBe(0);
    expect(sampleOf(metrics, 'patchbay_workers')).toBe(1);
    const probes = { part: 'probes', status: '2xx' };
    expect(sampleOf(metrics, 'patchbay_http_request_seconds_count', probes)).toBeGreaterThan(0);
  });

  test('give metrics to others only for an API key', async () => {
    const elsewhere = { 'x-forwarded-for': '203.0.113.9' };
    expect((await ask('/metrics', elsewhere)).status).toBe(401);
    expect((await ask('/metrics', { ...elsewhere, authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await ask('/metrics', { ...elsewhere, authorization: `Bearer ${product.apiKey}` })).status).toBe(
      200,
    );
    expect((await ask('/metrics', { ...elsewhere, 'x-patchbay-address': '127.0.0.1' })).status).toBe(401);
  });
});

describe('the HTTP server', () => {
  test('refuses headers over 16 kB', async () => {
    expect((await ask('/healthz', { 'x-long': 'a'.repeat(17_000) })).status).toBe(431);
  });

  test('understands a whole URL in the request line', async () => {
    expect(
      await raw(`GET ${product.url}/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    ).toContain('HTTP/1.1 200');
  });

  test('answers a request that offers to upgrade as if it did not', async () => {
    const offer =
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
    const reply = await raw(
      `POST /hooks/unknown HTTP/1.1\r\nHost: x\r\n${offer}Content-Length: 0\r\n\r\n`,
      'Not found',
    );
    expect(reply).toContain('HTTP/1.1 404');
  });

  test('gives up on a client that sends its headers too slowly', { timeout: 120_000 }, async () => {
    const startedAt = performance.now();
    const reply = await raw('GET /healthz HTTP/1.1\r\nHost: x\r\n');
    expect(reply).toContain('408');
    expect(performance.now() - startedAt).toBeLessThan(16_000);
  });
});

test('a stop ends event streams at once and lets a keep-alive connection go', { timeout: LONG }, async () => {
  const other = await startProduct();
  const headers = { authorization: `Bearer ${other.apiKey}` };
  const stream = await fetch(`${other.url}/api/v1/runs/stream`, { headers });
  expect(stream.status).toBe(200);
  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  // fetch asks for compression; a compressed stream would hold its events back.
  expect(stream.headers.get('content-encoding')).toBeNull();
  const ended = stream.text().then(
    () => 'ended',
    () => 'ended',
  );
  const startedAt = performance.now();
  expect(await other.stop()).toBe(0);
  expect(await ended).toBe('ended');
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});

/** Sends bytes as they are; resolves when the server closes, or has said `until`. */
async function raw(bytes: string, until?: string): Promise<string> {
  const { hostname, port } = new URL(product.url);
  const socket = connect(Number(port), hostname);
  let said = '';
  let isClosed = false;
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
  socket.once('close', () => (isClosed = true));
  socket.once('error', () => (isClosed = true));
  socket.write(bytes);
  await waitFor(
    'the server to answer',
    () => isClosed || (until !== undefined && said.includes(until)),
    25_000,
  );
  socket.destroy();
  return said;
}
