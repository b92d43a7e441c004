import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, test } from 'vitest';

import { callerAddress, isLoopback, parseTrustedProxies, UNKNOWN_ADDRESS } from '#server/caller-address.ts';
import { EnvironmentError } from '#server/env.ts';

let server: Server | undefined;

afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

/** What a real server on loopback takes the caller for. */
async function seenBy(trusted: string, headers: Record<string, string>): Promise<string> {
  const proxies = parseTrustedProxies(trusted);
  server = createServer((request, response) => response.end(callerAddress(request, proxies)));
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const reply = await fetch(`http://127.0.0.1:${port}/`, { headers: { ...headers, connection: 'close' } });
  return reply.text();
}

describe('the address of a caller', () => {
  test.each([
    ['the peer, without a proxy', '', {}, '127.0.0.1'],
    [
      'unknown, behind a local proxy that is not trusted',
      '',
      { 'x-forwarded-for': '203.0.113.9' },
      UNKNOWN_ADDRESS,
    ],
    ['unknown also when the proxy claims loopback', '', { 'x-forwarded-for': '127.0.0.1' }, UNKNOWN_ADDRESS],
    ['unknown by the standard header too', '', { forwarded: 'for=203.0.113.9' }, UNKNOWN_ADDRESS],
    ['what a trusted proxy names', '127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }, '203.0.113.9'],
    [
      'the last entry: earlier ones are the caller’s own words',
      '127.0.0.0/8',
      { 'x-forwarded-for': '10.0.0.1, 203.0.113.9' },
      '203.0.113.9',
    ],
    [
      'the one before a chain of trusted proxies',
      '127.0.0.1,10.0.0.0/8',
      { 'x-forwarded-for': '203.0.113.9, 10.1.2.3' },
      '203.0.113.9',
    ],
    ['the trusted proxy itself when it names nobody', '127.0.0.1', {}, '127.0.0.1'],
    ['never a header of ours from outside', '', { 'x-patchbay-address': '203.0.113.9' }, '127.0.0.1'],
  ])('is %s', async (_what, trusted, headers, expected) => {
    expect(await seenBy(trusted, headers)).toBe(expected);
  });

  test('needs a list of addresses to trust', () => {
    expect(() => parseTrustedProxies('10.0.0.0/8, proxy.local')).toThrow(EnvironmentError);
    expect(() => parseTrustedProxies('10.0.0.0/8, proxy.local')).toThrow('proxy.local');
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['128.0.0.1', false],
  ['0.0.0.0', false],
  ['localhost', false],
  ['', false],
])('isLoopback(%j) is %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
