import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { routeRequest } from '#server/web/route-request.ts';
import { makeAuthority, type Authority, type Pair } from '#test/support/certificates.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';

const api = useApi();

let ca: Authority;
let client: Pair;
let web: Server;
let url = '';

beforeAll(async () => {
  ca = await makeAuthority();
  client = await ca.client();
  const state = {
    isDev: false,
    isDraining: false,
    assets: new Map<string, Buffer>(),
    handleWithNext: (_: unknown, response: { writeHead(status: number): { end(): void } }) => {
      response.writeHead(404).end();
      return Promise.resolve();
    },
  };
  web = createServer((request, response) => void routeRequest(request, response, state));
  await new Promise<void>((done) => web.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => web.close(done)));

const pem = (type: 'ed25519' | 'rsa') =>
  (type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ed25519')
  ).privateKey
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
const encrypted = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  ...{ type: 'pkcs8', format: 'pem' },
  ...{ cipher: 'aes-256-cbc', passphrase: 'open sesame' },
} as const) as string;

let made = 0;
const create = (connector: string, fields: Record<string, string>) =>
  api.call('POST /connections', { slug: `kind-${made++}`, connector, fields });
const mtls = (change: Record<string, string> = {}) => ({
  baseUrl: 'https://api.example.com',
  certificate: client.cert,
  privateKey: client.key,
  ...change,
});
const jwt = (change: Record<string, string> = {}) => ({
  privateKey: pem('ed25519'),
  issuer: 'us',
  audience: 'them',
  ...change,
});

describe('a connection is checked when it is saved', () => {
  test.each<readonly [string, string, () => Record<string, string>]>([
    ['API key', 'api_key', () => ({ name: 'X-Api-Key', key: 'k' })],
    [
      'API key in the query',
      'api_key',
      () => ({ in: 'query', name: 'key', key: 'k', baseUrl: 'https://a.example' }),
    ],
    ['client certificate', 'mtls', () => mtls()],
    ['client certificate with an authority', 'mtls', () => mtls({ ca: ca.cert })],
    ['signed calls', 'jwt', () => jwt()],
    [
      'signed calls, all fields',
      'jwt',
      () =>
        jwt({
          ...{
            algorithm: 'RS256',
            privateKey: pem('rsa'),
            previousPrivateKey: pem('ed25519'),
            kid: 'a',
            previousKid: 'b',
          },
          ...{
            subject: 's',
            lifetimeSeconds: '300',
            claims: '{"scope":"x"}',
            signsBody: 'yes',
            baseUrl: 'http://a.example',
          },
        }),
    ],
    ['bearer token for one place', 'bearer_token', () => ({ token: 't', baseUrl: 'https://a.example/v1' })],
  ])('%s', async (_name, connector, fields) => {
    const reply = await create(connector, fields());
    expect(reply.body).toMatchObject({ connector });
    expect(reply.status).toBe(201);
  });

  test.each<readonly [string, string, () => Record<string, string>, string, RegExp]>([
    ['a header that is none', 'api_key', () => ({ name: 'X Key', key: 'k' }), 'name', /name of a header/],
    ['a header that carries no key', 'api_key', () => ({ name: 'Host', key: 'k' }), 'name', /carries no key/],
    ['a key with a line break', 'api_key', () => ({ name: 'X', key: 'a\nb' }), 'key', /one line/],
    [
      'a place that is none',
      'bearer_token',
      () => ({ token: 't', baseUrl: 'example.com' }),
      'baseUrl',
      /address/,
    ],
    [
      'a place with a password',
      'bearer_token',
      () => ({ token: 't', baseUrl: 'https://a:b@c.example' }),
      'baseUrl',
      /address/,
    ],
    ['a certificate for plain http', 'mtls', () => mtls({ baseUrl: 'http://a.example' }), 'baseUrl', /https/],
    [
      'a key of another certificate',
      'mtls',
      () => mtls({ privateKey: pem('ed25519') }),
      'privateKey',
      /does not belong/,
    ],
    [
      'a certificate that is none',
      'mtls',
      () => mtls({ certificate: 'hello' }),
      'certificate',
      /BEGIN CERTIFICATE/,
    ],
    [
      'a certificate that cannot be read',
      'mtls',
      () => mtls({ certificate: '-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----' }),
      'certificate',
      /cannot be read/,
    ],
    [
      'an encrypted key without its passphrase',
      'mtls',
      () => mtls({ privateKey: encrypted }),
      'passphrase',
      /required/,
    ],
    [
      'a wrong passphrase',
      'mtls',
      () => mtls({ privateKey: encrypted, passphrase: 'no' }),
      'passphrase',
      /does not open/,
    ],
    [
      'a revocation list that is none',
      'mtls',
      () => mtls({ crl: '-----BEGIN X509 CRL-----\nxx\n-----END X509 CRL-----' }),
      'crl',
      /cannot be used/,
    ],
    [
      'a key for another algorithm',
      'jwt',
      () => jwt({ algorithm: 'RS256' }),
      'privateKey',
      /not a key for RS256/,
    ],
    [
      'an encrypted signing key',
      'jwt',
      () => jwt({ algorithm: 'RS256', privateKey: encrypted }),
      'privateKey',
      /encrypted/,
    ],
    ['a life that is too long', 'jwt', () => jwt({ lifetimeSeconds: '301' }), 'lifetimeSeconds', /1 to 300/],
    ['claims that are no object', 'jwt', () => jwt({ claims: '[1]' }), 'claims', /JSON object/],
    ['claims that are the token’s own', 'jwt', () => jwt({ claims: '{"exp":1}' }), 'claims', /without/],
  ])('%s is refused at its field', async (_name, connector, fields, field, says) => {
    const reply = await create(connector, fields());
    expect(reply.status).toBe(422);
    expect(reply.body.errors).toMatchObject([
      { pointer: `/fields/${field}`, message: expect.stringMatching(says) },
    ]);
    expect(JSON.stringify(reply.body)).not.toContain('BEGIN PRIVATE');
  });

  test('an encrypted key is taken with its passphrase', async () => {
    const options = {
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'open sesame',
    } as const;
    const privateKey = createPrivateKey(client.key).export(options).toString();
    expect((await create('mtls', mtls({ privateKey, passphrase: 'open sesame' }))).status).toBe(201);
  });
});

describe('published keys', () => {
  const slugOf = async () => (await api.call('GET /me')).body.workspace.slug as string;

  test('are there for anybody, cacheable, two while a key is being changed', async () => {
    const created = await create('jwt', jwt());
    const at = `${url}/.well-known/jwks/${await slugOf()}/${created.body.slug}.json`;
    const reply = await fetch(at);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('public, max-age=300');
    expect(reply.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(reply.headers.get('set-cookie')).toBeNull();
    const { keys } = (await reply.json()) as { keys: Record<string, string>[] };
    expect(keys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.any(String),
        kid: expect.any(String),
        alg: 'EdDSA',
        use: 'sig',
      },
    ]);

    const changed = await create('jwt', jwt({ previousPrivateKey: pem('ed25519') }));
    const two = await fetch(`${url}/.well-known/jwks/${await slugOf()}/${changed.body.slug}.json`);
    const text = await two.text();
    expect((JSON.parse(text) as { keys: unknown[] }).keys).toHaveLength(2);
    expect(text).not.toMatch(/"d"|PRIVATE/);
    expect((await fetch(at, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(at, { method: 'POST' })).status).toBe(405);
  });

  test('of nothing else: not of other kinds, other workspaces, or names that are none', async () => {
    const slug = await slugOf();
    const signed = await create('jwt', jwt());
    const other = await create('bearer_token', { token: 'token' });
    const elsewhere = await makeApiWorkspace();
    const stranger = (await api.call('GET /me', undefined, { key: elsewhere.key })).body.workspace
      .slug as string;
    for (const path of [
      `${slug}/${other.body.slug}.json`,
      `${slug}/nothing.json`,
      `${stranger}/${signed.body.slug}.json`,
      `nowhere/${signed.body.slug}.json`,
      `${slug}/..%2f${signed.body.slug}.json`,
      `${slug}/${signed.body.slug}`,
      `${slug}/x/${signed.body.slug}.json`,
    ])
      expect((await fetch(`${url}/.well-known/jwks/${path}`)).status, path).toBe(404);
  });
});
