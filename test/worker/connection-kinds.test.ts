import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

import { createVerifier, type Algorithm } from 'fast-jwt';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { prisma } from '#server/db/prisma.ts';
import { answerKeySet } from '#server/jwks/answer-key-set.ts';
import { makeAuthority } from '#test/support/certificates.ts';
import { makeConnection } from '#test/support/hook-fixture.ts';
import { startSink } from '#test/support/sink.ts';
import { tokenVerifier } from '#test/support/token-verifier.ts';
import { post, readSteps, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();

let keys: Server;
beforeAll(async () => {
  keys = createServer((request, response) => void answerKeySet(request, response));
  await new Promise<void>((done) => keys.listen(0, '127.0.0.1', done));
  await fixture.startWorker();
});
afterAll(() => new Promise((done) => keys.close(done)));

const LONG = { timeout: 120_000 };

/** Runs a call with a connection to its end. */
async function call(url: string, connection: string, inputs: readonly string[] = ['one']) {
  const flow = await fixture.publish({
    nodes: [START, post('call', url, { connection })],
    edges: 'start>call',
  });
  const runs = await fixture.start(flow, inputs);
  return Promise.all(
    runs.map(async (id) => ({
      run: await whenRun(fixture, id),
      step: (await readSteps(fixture, id))['call'],
    })),
  );
}

it('an API key goes in the header or the parameter that it names', LONG, async () => {
  const fields = { name: 'X-Api-Key', key: 'k-1234567' };
  await call(`${fixture.sink.url}/header`, await makeConnection(fixture.workspaceId, fields, 'api_key'));
  expect(fixture.sink.at('/header')[0]?.headers['x-api-key']).toBe('k-1234567');
  await call(
    `${fixture.sink.url}/query?page=1`,
    await makeConnection(fixture.workspaceId, { ...fields, in: 'query', name: 'key' }, 'api_key'),
  );
  const sent = fixture.sink.at('/query')[0]!;
  expect([...sent.query]).toEqual([
    ['page', '1'],
    ['key', 'k-1234567'],
  ]);
  expect(sent.headers['x-api-key']).toBeUndefined();
});

it('a connection for one place calls no other, and nothing is sent', LONG, async () => {
  const fields = { token: 'token-12345', baseUrl: 'https://api.example.com' };
  const connection = await makeConnection(fixture.workspaceId, fields, 'bearer_token');
  const [ended] = await call(`${fixture.sink.url}/kept`, connection);
  expect(ended?.run.error).toMatchObject({ code: 'credentials_kept', kind: 'invalid' });
  expect(fixture.sink.at('/kept')).toEqual([]);
});

it.each(['EdDSA', 'ES256', 'RS256'] as const)(
  'signed calls (%s) are verified by what is published, and each is good once',
  LONG,
  async (algorithm) => {
    const pair = {
      EdDSA: () => generateKeyPairSync('ed25519'),
      ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    }[algorithm]();
    const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const fields = { algorithm, privateKey, issuer: 'us', audience: 'them', signsBody: 'yes' };
    const connection = await makeConnection(fixture.workspaceId, fields, 'jwt');
    const path = `/signed-${algorithm}`;
    await call(`${fixture.sink.url}${path}`, connection, ['one', 'two']);
    const { slug } = await prisma().workspace.findUniqueOrThrow({ where: { id: fixture.workspaceId } });
    const { port } = keys.address() as AddressInfo;
    const jwksUrl = `http://127.0.0.1:${port}/.well-known/jwks/${slug}/${connection}.json`;
    const verifyByLibrary = await libraryVerifier(jwksUrl, algorithm);
    const verifier = tokenVerifier({
      jwksUrl,
      issuer: 'us',
      audience: 'them',
    });
    const sent = fixture.sink.at(path).map(({ headers, body }) => ({
      token: (headers.authorization ?? '').replace('Bearer ', ''),
      body: body.toString(),
    }));
    expect(sent).toHaveLength(2);
    for (const { token, body } of sent) {
      await expect(verifier.check(token, { body: `${body} ` })).rejects.toThrow('the body was altered');
      const [head, payload = '', signature] = token.split('.');
      const changed = Buffer.from(payload, 'base64url').toString().replace('"us"', '"me"');
      const forged = [head, Buffer.from(changed).toString('base64url'), signature].join('.');
      await expect(verifier.check(forged, { body })).rejects.toThrow('altered');
      expect(() => verifyByLibrary(forged)).toThrow(/signature/);
      expect(verifyByLibrary(token)).toMatchObject({ iss: 'us', aud: 'them' });
      const late = Date.now() + 61_000;
      await expect(verifier.check(token, { body, now: late })).rejects.toThrow('expired');
      const claims = await verifier.check(token, { body });
      expect(Number(claims['exp']) - Number(claims['iat'])).toBe(60);
      await expect(verifier.check(token, { body })).rejects.toThrow('it came before');
    }
    expect(new Set(sent.map(({ token }) => token)).size).toBe(2);
  },
);

/** As a receiver verifies by a library that has nothing to do with ours, from what is published alone. */
async function libraryVerifier(jwksUrl: string, algorithm: Algorithm): Promise<(token: string) => unknown> {
  const { keys } = (await (await fetch(jwksUrl)).json()) as { keys: readonly [JsonWebKey] };
  const key = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  return createVerifier({
    key: key.toString(),
    algorithms: [algorithm],
    allowedIss: 'us',
    allowedAud: 'them',
  });
}

it('a signed token goes no further than its host', LONG, async () => {
  const elsewhere = await startSink();
  try {
    fixture.sink.reply('/leads-away', { status: 307, headers: { location: `${elsewhere.url}/arrived` } });
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const fields = { algorithm: 'EdDSA', privateKey: pem, issuer: 'us', audience: 'them' };
    const connection = await makeConnection(fixture.workspaceId, fields, 'jwt');
    const [ended] = await call(`${fixture.sink.url}/leads-away`, connection);
    expect(ended?.run.status).toBe('succeeded');
    expect(fixture.sink.at('/leads-away')[0]?.headers.authorization).toMatch(/^Bearer ey/);
    const [arrived] = elsewhere.at('/arrived');
    expect(arrived).toBeDefined();
    expect(JSON.stringify(arrived?.headers)).not.toMatch(/bearer|ey[\w-]+\.ey/i);
  } finally {
    await elsewhere.stop();
  }
});

it('a client certificate is shown to its server, and what it refuses is told', LONG, async () => {
  const ca = await makeAuthority();
  const [server, ada, bob] = await Promise.all([
    ca.server(),
    ca.client({ name: 'ada' }),
    ca.client({ name: 'bob' }),
  ]);
  const seen: unknown[] = [];
  const far = createTlsServer(
    { ...server, ca: ca.cert, crl: await ca.crl([bob]), requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      seen.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN);
      response.end('{}');
    },
  );
  await new Promise<void>((done) => far.listen(0, '127.0.0.1', done));
  const url = `https://127.0.0.1:${(far.address() as AddressInfo).port}/`;
  try {
    const connect = (pair: typeof ada) =>
      makeConnection(
        fixture.workspaceId,
        { baseUrl: url, certificate: pair.cert, privateKey: pair.key, ca: ca.cert },
        'mtls',
      );
    const [good] = await call(url, await connect(ada));
    expect(good?.run.status).toBe('succeeded');
    const [elsewhere] = await call(`${fixture.sink.url}/mtls`, await connect(ada));
    expect(elsewhere?.run.error).toMatchObject({ code: 'credentials_kept' });
    const flow = await fixture.publish({
      nodes: [START, post('call', url, { connection: await connect(bob), retry: { attempts: 1 } })],
      edges: 'start>call',
    });
    const [run] = (await fixture.start(flow, ['one'])) as [string];
    const refused = await whenRun(fixture, run);
    expect(refused.error?.message).toContain('refuse the client certificate');
    expect(seen).toEqual(['ada']);
  } finally {
    far.closeAllConnections();
    await new Promise((done) => far.close(done));
  }
});
