import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { TEST_CA, TEST_CERTIFICATES } from '#test/support/test-certificates.ts';
import { freePort } from '#test/support/free-port.ts';
import { failureOf } from '#test/support/failure-of.ts';
import { client, farEnd, get, rawFarEnd, text, tlsFarEnd } from './egress-support.ts';

const MIB = 1_048_576;

describe('size', () => {
  test('exactly the limit arrives, one byte more does not', async () => {
    const far = await farEnd((request, response) =>
      response.end(Buffer.alloc(Number(request.url?.slice(1)))),
    );
    const http = client();
    expect((await get(http, `${far.url}/1000`, { maxBytes: 1_000 })).body).toHaveLength(1_000);
    const error = await failureOf(get(http, `${far.url}/1001`, { maxBytes: 1_000 }));
    expect(error).toMatchObject({ kind: 'invalid', code: 'response_too_large' });
  });

  test('an endless body is cut off soon after the limit', async () => {
    let sent = 0;
    const far = await farEnd((_, response) => {
      const chunk = Buffer.alloc(64 * 1_024);
      const push = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        sent += chunk.length;
      };
      response.on('drain', push);
      push();
    });
    const error = await failureOf(get(client(), far.url, { maxBytes: MIB }));
    expect(error).toMatchObject({ code: 'response_too_large', message: expect.stringContaining('1 MiB') });
    expect(sent).toBeLessThan(20 * MIB);
  });

  test('gzip is unpacked', async () => {
    const far = await farEnd((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello'));
    });
    expect(text(await get(client(), far.url))).toBe('hello');
  });

  test('a gzip bomb goes no further than the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB));
    const far = await farEnd((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    const before = process.memoryUsage().rss;
    const error = await failureOf(get(client(), far.url, { maxBytes: 2 * MIB }));
    expect(error).toMatchObject({ kind: 'invalid', code: 'response_too_large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB);
  });

  test.each(['br', 'deflate', 'zstd', 'gzip, gzip'])('the encoding %s is refused', async (encoding) => {
    const far = await farEnd((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end('x'),
    );
    expect(await failureOf(get(client(), far.url))).toMatchObject({ code: 'unsupported_encoding' });
  });

  test('what only claims to be gzip is said to be broken', async () => {
    const far = await farEnd((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'),
    );
    expect(await failureOf(get(client(), far.url))).toMatchObject({
      kind: 'transient',
      code: 'bad_response',
    });
  });

  test('too many headers', async () => {
    const far = await rawFarEnd((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      for (let index = 0; index < 5_000; index++) socket.write(`x-h${index}: value\r\n`);
      socket.end('\r\n');
    });
    expect(await failureOf(get(client(), far.url))).toMatchObject({
      kind: 'invalid',
      code: 'response_too_large',
    });
  });
});

describe('time', () => {
  test('an answer that does not begin', async () => {
    const far = await farEnd(() => undefined);
    const began = performance.now();
    const error = await failureOf(get(client(), far.url, { timeoutMs: 300 }));
    expect(error).toMatchObject({
      kind: 'transient',
      code: 'timeout',
      message: expect.stringContaining('0.3 s'),
    });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('a byte now and then does not keep the call alive', async () => {
    const far = await farEnd((_, response) => {
      const drip = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(drip));
    });
    const began = performance.now();
    expect(await failureOf(get(client(), far.url, { timeoutMs: 500 }))).toMatchObject({ code: 'timeout' });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('the caller can stop it', async () => {
    const far = await farEnd(() => undefined);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const error = await failureOf(get(client(), far.url, { signal: controller.signal }));
    expect(error).toMatchObject({ kind: 'cancelled' });
    expect(await failureOf(get(client(), far.url, { signal: controller.signal }))).toMatchObject({
      kind: 'cancelled',
    });
  });
});

describe('faults in plain words', () => {
  test('nobody listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    expect(await failureOf(get(client(), url))).toMatchObject({ kind: 'transient', code: 'connect_refused' });
  });

  test('no such name', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const error = await failureOf(get(client({ resolve }), 'http://nowhere.test/'));
    expect(error).toMatchObject({ kind: 'transient', code: 'dns_failed' });
    expect(error.message).toContain('nowhere.test');
  });

  test('the connection breaks before the answer, and in the middle of it', async () => {
    const early = await rawFarEnd((socket) => socket.destroy());
    expect(await failureOf(get(client(), early.url))).toMatchObject({
      kind: 'transient',
      code: 'connection_reset',
    });
    const late = await rawFarEnd((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    expect(await failureOf(get(client(), late.url))).toMatchObject({
      kind: 'transient',
      code: 'connection_reset',
    });
  });

  test('no HTTP at all', async () => {
    const far = await rawFarEnd((socket) => socket.end('220 smtp ready\r\n'));
    expect(await failureOf(get(client(), far.url))).toMatchObject({
      kind: 'transient',
      code: 'bad_response',
    });
  });

  test('headers that HTTP does not allow never leave', async () => {
    const far = await farEnd((_, response) => response.end());
    const error = await failureOf(get(client(), far.url, { headers: { 'x-evil': 'a\r\nhost: b' } }));
    expect(error).toMatchObject({ kind: 'invalid', code: 'invalid_request' });
    expect(far.seen).toEqual([]);
  });

  test('host, length and proxy headers are not the caller’s to set', async () => {
    const far = await farEnd((request, response) => response.end(JSON.stringify(request.headers)));
    const headers = { Host: 'evil.test', 'Content-Length': '9', 'Proxy-Authorization': 'x', 'X-Mine': 'yes' };
    const answer = JSON.parse(text(await get(client(), far.url, { headers }))) as Record<string, string>;
    expect(answer).toMatchObject({ host: new URL(far.url).host, 'x-mine': 'yes' });
    expect(answer).not.toHaveProperty('proxy-authorization');
    expect(answer).not.toHaveProperty('content-length');
  });

  test('any status is an answer; repeated headers are joined', async () => {
    const far = await farEnd((_, response) => response.writeHead(503, { 'X-Two': ['a', 'b'] }).end('busy'));
    const answer = await get(client(), far.url);
    expect(answer).toMatchObject({ status: 503, headers: { 'x-two': 'a, b' } });
    expect(text(answer)).toBe('busy');
  });

  test('connections are kept open and used again', async () => {
    const ports = new Set<number | undefined>();
    const far = await farEnd((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('x');
    });
    const http = client();
    for (let index = 0; index < 20; index++) await get(http, far.url);
    // A second one is opened when a call follows before the pool has noted the end of the last.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});

describe('TLS', () => {
  const answer = (_: unknown, response: { end(body: string): void }) => response.end('secure');
  const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);

  test('a certificate that holds', async () => {
    const far = await tlsFarEnd(TEST_CERTIFICATES.good, answer);
    const http = client({ ca: TEST_CA, resolve });
    expect(text(await get(http, `https://far.test:${far.port}/`))).toBe('secure');
  });

  test.each([
    ['expired', TEST_CERTIFICATES.expired, TEST_CA],
    ['for another host', TEST_CERTIFICATES.otherHost, TEST_CA],
    ['from an authority that nobody knows', TEST_CERTIFICATES.good, undefined],
  ])('one that is %s', async (_, certificate, ca) => {
    const far = await tlsFarEnd(certificate, answer);
    const http = client({ resolve, ...(ca ? { ca } : {}) });
    const error = await failureOf(get(http, `https://far.test:${far.port}/`));
    expect(error).toMatchObject({ kind: 'invalid', code: 'tls_failed' });
    expect(far.seen).toEqual([]);
  });

  test('a server that speaks no TLS', async () => {
    const far = await farEnd(answer);
    const error = await failureOf(get(client({ resolve }), `https://far.test:${far.port}/`));
    expect(error).toMatchObject({ kind: 'invalid', code: 'tls_failed' });
  });
});
