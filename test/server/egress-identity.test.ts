import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

import { Agent } from 'undici';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { TlsIdentity } from '#connectors/contract.ts';
import { Agents } from '#server/egress/agents.ts';
import { certificateEndsAt } from '#server/egress/client-identity.ts';
import { makeAuthority, type Authority, type Pair } from '#test/support/certificates.ts';
import { failureOf } from '#test/support/failure-of.ts';
import { client, farEnd, get, rawFarEnd, text } from './egress-support.ts';

let ca: Authority;
let stranger: Authority;
let server: Pair;
let ada: Pair;
let bob: Pair;

beforeAll(async () => {
  [ca, stranger] = await Promise.all([makeAuthority(), makeAuthority('Somebody else')]);
  [server, ada, bob] = await Promise.all([
    ca.server(),
    ca.client({ name: 'ada' }),
    ca.client({ name: 'bob' }),
  ]);
});

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

interface Secure {
  readonly url: string;
  readonly port: number;
  /** Who called, on which socket, and whether its TLS session was resumed. */
  readonly calls: { readonly who: string; readonly socket: number; readonly isReused: boolean }[];
}

/** A server that asks for a certificate of our authority, and says who called. */
async function secureFarEnd(options: ServerOptions = {}, pair: Pair = server): Promise<Secure> {
  const calls: Secure['calls'] = [];
  const sockets: unknown[] = [];
  const tls = createTlsServer(
    { ...pair, ca: ca.cert, requestCert: true, rejectUnauthorized: true, ...options },
    (request, response) => {
      const socket = request.socket as TLSSocket;
      if (!sockets.includes(socket)) sockets.push(socket);
      const who = socket.getPeerCertificate().subject?.CN ?? 'nobody';
      calls.push({ who: String(who), socket: sockets.indexOf(socket), isReused: socket.isSessionReused() });
      response.end(`hello ${String(who)}`);
    },
  );
  tls.on('tlsClientError', () => undefined);
  await new Promise<void>((done) => tls.listen(0, '127.0.0.1', done));
  cleanups.push(() => {
    tls.closeAllConnections();
    return new Promise((done) => tls.close(done));
  });
  const { port } = tls.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}/`, port, calls };
}

function identity(pair: Pair, rest: Partial<TlsIdentity> = {}): TlsIdentity {
  return { workspaceId: 'w1', certificate: pair.cert, privateKey: pair.key, ca: ca.cert, ...rest };
}

describe('a client certificate', () => {
  test('shows who calls', async () => {
    const far = await secureFarEnd();
    expect(text(await get(client(), far.url, { tls: identity(ada) }))).toBe('hello ada');
  });

  test('sockets and TLS sessions are shared by nobody else: not by certificate, not by workspace, not by calls without', async () => {
    const far = await secureFarEnd({ rejectUnauthorized: false });
    const http = client();
    const callers = [identity(ada), identity(bob), identity(ada, { workspaceId: 'w2' })];
    const rounds = [...callers, ...callers.toReversed(), ...callers];
    for (const tls of rounds) await get(http, far.url, { tls });
    expect(far.calls.map(({ who }) => who)).toEqual(
      rounds.map(({ certificate }) => (certificate === ada.cert ? 'ada' : 'bob')),
    );
    expect(far.calls.slice(0, 3).every(({ isReused }) => !isReused)).toBe(true);
    const callersOf = new Map<number, Set<TlsIdentity | undefined>>();
    for (const [index, { socket }] of far.calls.entries())
      callersOf.set(socket, (callersOf.get(socket) ?? new Set()).add(rounds[index]));
    expect([...callersOf.values()].map(({ size }) => size)).toEqual([...callersOf].map(() => 1));
    expect(callersOf.size).toBeLessThan(rounds.length);
    // A call that shows nothing gets a socket that showed nothing.
    const plain = client({ ca: ca.cert });
    await get(plain, far.url, { tls: identity(ada) });
    await get(plain, far.url);
    expect(far.calls.slice(-2).map(({ who }) => who)).toEqual(['ada', 'nobody']);
  });

  test('stays behind on a redirect to another origin', async () => {
    const elsewhere = await secureFarEnd({ rejectUnauthorized: false });
    const near = createTlsServer({ ...server, ca: ca.cert, requestCert: true }, (_, response) =>
      response.writeHead(307, { location: elsewhere.url }).end(),
    );
    await new Promise<void>((done) => near.listen(0, '127.0.0.1', done));
    cleanups.push(() => new Promise((done) => near.close(done)));
    const { port } = near.address() as AddressInfo;
    const http = client({ ca: ca.cert });
    await get(http, `https://127.0.0.1:${port}/`, { tls: identity(ada) });
    expect(elsewhere.calls.map(({ who }) => who)).toEqual(['nobody']);
  });

  test('goes with a redirect within its origin', async () => {
    let hops = 0;
    const seen: unknown[] = [];
    const far = createTlsServer({ ...server, ca: ca.cert, requestCert: true }, (request, response) => {
      seen.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN);
      if (hops++ === 0) response.writeHead(302, { location: '/next' }).end();
      else response.end('there');
    });
    await new Promise<void>((done) => far.listen(0, '127.0.0.1', done));
    cleanups.push(() => new Promise((done) => far.close(done)));
    const { port } = far.address() as AddressInfo;
    await get(client(), `https://127.0.0.1:${port}/`, { tls: identity(ada) });
    expect(seen).toEqual(['ada', 'ada']);
  });

  test('is not shown over plain http', async () => {
    const far = await farEnd((_, response) => response.end('x'));
    expect(await failureOf(get(client(), far.url, { tls: identity(ada) }))).toMatchObject({
      code: 'invalid_url',
      message: expect.stringContaining('https'),
    });
    expect(far.seen).toEqual([]);
  });

  test('passes the same guard against private addresses', async () => {
    const far = await secureFarEnd();
    expect(await failureOf(get(client({ allow: '' }), far.url, { tls: identity(ada) }))).toMatchObject({
      code: 'egress_denied',
    });
    expect(far.calls).toEqual([]);
  });
});

describe('what is wrong with the server is said in words', () => {
  const day = 86_400_000;
  test.each<readonly [string, () => Promise<{ pair: Pair; tls?: Partial<TlsIdentity> }>, RegExp]>([
    [
      'expired',
      async () => ({
        pair: await ca.server({
          notBefore: new Date(Date.now() - 2 * day),
          notAfter: new Date(Date.now() - day),
        }),
      }),
      /certificate of 127\.0\.0\.1:\d+ has expired/,
    ],
    [
      'not valid yet',
      async () => ({ pair: await ca.server({ notBefore: new Date(Date.now() + day / 2) }) }),
      /not valid yet/,
    ],
    [
      'of another authority',
      async () => ({ pair: await stranger.server() }),
      /not signed by an authority that is trusted/,
    ],
    [
      'of another host',
      async () => ({ pair: await ca.server({ hosts: ['other.test'] }) }),
      /one for another host/,
    ],
    [
      'on the revocation list',
      async () => {
        const pair = await ca.server();
        return { pair, tls: { crl: await ca.crl([pair]) } };
      },
      /is revoked, by the revocation list/,
    ],
    [
      'looked up in a list that is out of date',
      async () => ({ pair: server, tls: { crl: await ca.crl([], new Date(Date.now() - day)) } }),
      /out of date/,
    ],
    [
      'looked up in the list of another authority',
      async () => ({ pair: server, tls: { crl: await stranger.crl([]) } }),
      /not one of its authority/,
    ],
  ])('%s', async (_name, make, says) => {
    const { pair, tls } = await make();
    const far = await secureFarEnd({}, pair);
    const error = await failureOf(get(client(), far.url, { tls: identity(ada, tls) }));
    expect(error).toMatchObject({
      kind: 'invalid',
      code: 'tls_failed',
      message: expect.stringMatching(says),
    });
    expect(far.calls).toEqual([]);
  });

  test('a list that does not name it lets it pass', async () => {
    const far = await secureFarEnd();
    const tls = identity(ada, { crl: await ca.crl([bob]) });
    expect(text(await get(client(), far.url, { tls }))).toBe('hello ada');
  });

  test('no TLS at all', async () => {
    const far = await farEnd((_, response) => response.end('x'));
    expect(await failureOf(get(client(), `https://127.0.0.1:${far.port}/`))).toMatchObject({
      code: 'tls_failed',
      message: expect.stringContaining('does not speak TLS'),
    });
  });
});

describe('what is wrong with who calls is said in words', () => {
  test('ended', async () => {
    const day = 86_400_000;
    const ended = await ca.client({
      notBefore: new Date(Date.now() - 2 * day),
      notAfter: new Date(Date.now() - day),
    });
    const far = await secureFarEnd();
    const error = await failureOf(get(client(), far.url, { tls: identity(ended) }));
    expect(error).toMatchObject({ kind: 'auth', code: 'client_certificate_expired' });
    expect(error.message).toContain(certificateEndsAt(ended.cert).toISOString().slice(0, 10));
    expect(far.calls).toEqual([]);
  });

  test.each<readonly [string, () => Partial<TlsIdentity>, RegExp]>([
    ['a key of another certificate', () => ({ privateKey: bob.key }), /does not belong to the certificate/],
    [
      'no certificate',
      () => ({ certificate: '-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----' }),
      /cannot be read/,
    ],
    [
      'a list that is none',
      () => ({ crl: '-----BEGIN X509 CRL-----\nxx\n-----END X509 CRL-----' }),
      /revocation list cannot be read/,
    ],
  ])('%s', async (_name, change, says) => {
    const far = await secureFarEnd();
    const error = await failureOf(get(client(), far.url, { tls: identity(ada, change()) }));
    expect(error).toMatchObject({
      code: 'client_certificate_unusable',
      message: expect.stringMatching(says),
    });
    expect(far.calls).toEqual([]);
  });

  /** A server that answers the first message of a handshake with a fatal alert. */
  const alerting = (alert: number) =>
    rawFarEnd((socket) => socket.end(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, alert])));

  test.each([
    [40, 'client_certificate_refused', /may not accept the client certificate/],
    [42, 'client_certificate_refused', /does not accept the client certificate/],
    [43, 'client_certificate_refused', /does not accept/],
    [44, 'client_certificate_refused', /is revoked/],
    [45, 'client_certificate_refused', /has expired/],
    [46, 'client_certificate_refused', /does not accept/],
    [48, 'client_certificate_refused', /does not know the authority/],
    [49, 'client_certificate_refused', /does not accept/],
    [70, 'tls_failed', /neither TLS 1\.2 nor 1\.3/],
    [116, 'client_certificate_refused', /got no client certificate/],
  ])('the server’s alert %i', async (alert, code, says) => {
    const far = await alerting(alert);
    const url = `https://127.0.0.1:${far.port}/`;
    const error = await failureOf(get(client(), url, { tls: identity(ada) }));
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
  });

  test.each([
    [40, 'tls_failed', /may ask for a client certificate/],
    [116, 'client_certificate_refused', /the step shows none/],
    [42, 'client_certificate_refused', /the step shows none/],
  ])('alert %i to a call without a certificate', async (alert, code, says) => {
    const far = await alerting(alert);
    const error = await failureOf(get(client(), `https://127.0.0.1:${far.port}/`));
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
  });

  test('a revoked one, whose server closes the connection without a word', async () => {
    const far = await secureFarEnd({ crl: await ca.crl([bob]) });
    expect(text(await get(client(), far.url, { tls: identity(ada) }))).toBe('hello ada');
    const error = await failureOf(get(client(), far.url, { tls: identity(bob) }));
    expect(error).toMatchObject({
      code: 'connection_reset',
      message: expect.stringContaining('refuse the client certificate'),
    });
    expect(far.calls.map(({ who }) => who)).toEqual(['ada']);
  });
});

describe('agents', () => {
  const agents = (options: { maxAgents?: number; idleMs?: number } = {}) => {
    const made = new Agents({ makeAgent: () => new Agent(), ...options });
    cleanups.push(() => made.destroy());
    return made;
  };

  test('are bounded: the one used least lately goes, and is made anew when it is wanted', async () => {
    const few = agents({ maxAgents: 2 });
    const first = few.agentFor(identity(ada));
    few.agentFor(identity(bob));
    expect(few.agentFor(identity(ada))).toBe(first);
    few.agentFor(identity(ada, { workspaceId: 'w2' }));
    expect(few.size).toBe(2);
    expect(few.agentFor(identity(ada))).toBe(first);
    expect(few.agentFor(undefined)).toBe(few.agentFor(undefined));
  });

  test('that nobody uses are let go', () => {
    const few = agents({ idleMs: 0 });
    few.agentFor(identity(ada));
    few.agentFor(identity(bob));
    expect(few.size).toBe(0);
  });

  test('finish the calls under way when they are let go', async () => {
    let release = () => undefined as void;
    const waiting = new Promise<void>((done) => (release = done));
    const far = createTlsServer(
      { ...server },
      (_, response) => void waiting.then(() => response.end('late')),
    );
    await new Promise<void>((done) => far.listen(0, '127.0.0.1', done));
    cleanups.push(() => new Promise((done) => far.close(done)));
    const { port } = far.address() as AddressInfo;
    const arrived = new Promise((done) => far.once('request', done));
    const few = new Agents({
      makeAgent: (made) => new Agent({ connect: { secureContext: made?.context } }),
      maxAgents: 1,
    });
    cleanups.push(() => few.destroy());
    const call = few
      .agentFor(identity(ada))
      .request({ origin: `https://127.0.0.1:${port}`, path: '/', method: 'GET' });
    await arrived;
    few.agentFor(identity(bob));
    expect(few.size).toBe(1);
    release();
    expect(await (await call).body.text()).toBe('late');
  });
});
