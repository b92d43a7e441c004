import { describe, expect, test } from 'vitest';

import { TEST_CA, TEST_CERTIFICATES } from '#test/support/test-certificates.ts';
import { failureOf } from '#test/support/failure-of.ts';
import { client, farEnd, get, text, tlsFarEnd, type FarEnd } from './egress-support.ts';

const toward = (location: string, status = 302) =>
  farEnd((_, response) => response.writeHead(status, { location }).end());
/** Answers with what it was sent. */
const mirror = () =>
  farEnd((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, headers } = request;
      response.end(JSON.stringify({ method, headers, body: Buffer.concat(chunks).toString() }));
    });
  });

interface Mirrored {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}
const mirrored = (body: string) => JSON.parse(body) as Mirrored;

describe('redirects', () => {
  test.each([
    ['POST', 301, 'GET', ''],
    ['POST', 302, 'GET', ''],
    ['POST', 303, 'GET', ''],
    ['POST', 307, 'POST', 'hello'],
    ['POST', 308, 'POST', 'hello'],
    ['GET', 302, 'GET', ''],
    ['DELETE', 303, 'GET', ''],
  ])('%s answered by %i arrives as %s', async (method, status, arrives, body) => {
    const far = await mirror();
    const near = await toward(far.url, status);
    const sent = method === 'GET' || method === 'DELETE' ? {} : { body: 'hello' };
    const answer = mirrored(text(await client()({ method, url: near.url, ...sent })));
    expect(answer).toMatchObject({ method: arrives, body });
  });

  test.each([301, 302, 303, 307, 308])('%i is the answer where none is to be followed', async (status) => {
    const far = await mirror();
    const near = await toward(far.url, status);
    const sent = { method: 'POST', url: near.url, body: 'a secret', followsRedirects: false };
    expect(await client()(sent)).toMatchObject({ status, headers: { location: far.url } });
    expect(far.seen).toEqual([]);
  });

  test('HEAD stays HEAD', async () => {
    const far = await farEnd((_, response) => response.end('x'));
    const near = await toward(far.url, 303);
    await client()({ method: 'HEAD', url: near.url });
    expect(far.seen).toEqual(['HEAD /']);
  });

  test('three are followed, a fourth is not', async () => {
    const last = await farEnd((_, response) => response.end('there'));
    const third = await toward(last.url);
    const second = await toward(third.url);
    const first = await toward(second.url);
    expect(text(await get(client(), first.url))).toBe('there');
    const zeroth = await toward(first.url);
    expect(await failureOf(get(client(), zeroth.url))).toMatchObject({ code: 'too_many_redirects' });
  });

  test('to itself, for ever', async () => {
    const far: FarEnd = await farEnd((_, response) => response.writeHead(302, { location: '/again' }).end());
    expect(await failureOf(get(client(), far.url))).toMatchObject({ code: 'too_many_redirects' });
    expect(far.seen).toHaveLength(4);
  });

  test('to a private address is checked like any other', async () => {
    const inside = await farEnd((_, response) => response.end('secret'));
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const near = await toward(`http://127.0.0.1:${inside.port}/`);
    // Only the first host is allowed, by name.
    const http = client({ allow: `public.test:${near.port}`, resolve });
    const error = await failureOf(get(http, `http://public.test:${near.port}/`));
    expect(error).toMatchObject({ code: 'egress_denied' });
    expect(inside.seen).toEqual([]);
  });

  test.each([
    'file:///etc/passwd',
    'gopher://x/',
    'ftp://example.com/',
    'javascript:alert(1)',
    'http://u:p@x/',
    'http://',
  ])('to %s is refused', async (location) => {
    const near = await toward(location);
    expect(await failureOf(get(client(), near.url))).toMatchObject({
      kind: 'invalid',
      code: 'redirect_denied',
    });
  });

  test('from https down to http is refused', async () => {
    const plain = await farEnd((_, response) => response.end('x'));
    const secure = await tlsFarEnd(TEST_CERTIFICATES.good, (_, response) =>
      response.writeHead(302, { location: plain.url }).end(),
    );
    const error = await failureOf(get(client({ ca: TEST_CA }), secure.url));
    expect(error).toMatchObject({ code: 'redirect_denied' });
    expect(plain.seen).toEqual([]);
  });

  const credentials = {
    authorization: 'Bearer s3cret',
    cookie: 'session=s3cret',
    'x-api-key': 's3cret',
    'idempotency-key': 'k1',
    accept: 'application/json',
  };

  test('another origin is told nothing that could authenticate', async () => {
    const far = await mirror();
    const near = await toward(far.url, 307);
    const answer = await client()({ method: 'POST', url: near.url, headers: credentials, body: '{}' });
    const { headers } = mirrored(text(answer));
    expect(JSON.stringify(headers)).not.toContain('s3cret');
    expect(headers).toMatchObject({ 'idempotency-key': 'k1', accept: 'application/json' });
  });

  test('the same origin keeps them', async () => {
    let hops = 0;
    const far = await farEnd((request, response) => {
      hops += 1;
      if (hops === 1) response.writeHead(302, { location: '/next' }).end();
      else response.end(JSON.stringify(request.headers));
    });
    const answer = await get(client(), far.url, { headers: credentials });
    expect(JSON.parse(text(answer))).toMatchObject({ authorization: 'Bearer s3cret', 'x-api-key': 's3cret' });
  });

  test('a 3xx without a place to go is an answer like any other', async () => {
    const far = await farEnd((_, response) => response.writeHead(304).end());
    expect((await get(client(), far.url)).status).toBe(304);
  });
});
