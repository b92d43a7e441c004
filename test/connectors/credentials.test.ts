import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { authenticate } from '#connectors/authenticate.ts';
import type { HttpRequest, OpenConnection } from '#connectors/contract.ts';
import { publicKeysOf } from '#connectors/credentials/signing-key.ts';
import { failureOf } from '#test/support/failure-of.ts';

const SETTING = { workspaceId: 'w1', sandboxUrl: undefined, now: Date.parse('2026-01-15T09:30:00Z') };
const CALL: HttpRequest = { method: 'GET', url: 'https://api.example.com/orders?page=2' };

function connectionOf(connector: string, fields: Record<string, string>): OpenConnection {
  return { connector, fields };
}

const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();
const ed25519 = pem(generateKeyPairSync('ed25519').privateKey);
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

describe('an API key', () => {
  it('goes into the header of its name', async () => {
    const connection = connectionOf('api_key', { in: 'header', name: 'X-Api-Key', key: 'k-123' });
    expect(await authenticate(CALL, connection, SETTING)).toEqual({
      ...CALL,
      headers: { 'x-api-key': 'k-123' },
    });
  });

  it('goes into the parameter of its name, whatever it holds', async () => {
    const connection = connectionOf('api_key', { in: 'query', name: 'key', key: 'a&b=c d' });
    const { url } = await authenticate(CALL, connection, SETTING);
    expect([...new URL(url).searchParams]).toEqual([
      ['page', '2'],
      ['key', 'a&b=c d'],
    ]);
  });

  it('is refused where the step sets the same header', async () => {
    const connection = connectionOf('api_key', { in: 'header', name: 'X-Api-Key', key: 'k-123' });
    const call = { ...CALL, headers: { 'X-API-KEY': 'other' } };
    expect(await failureOf(authenticate(call, connection, SETTING))).toMatchObject({
      code: 'invalid_header',
    });
  });
});

describe('credentials that are for one place', () => {
  const kinds: readonly (readonly [string, Record<string, string>])[] = [
    ['api_key', { in: 'header', name: 'X-Api-Key', key: 'k-123' }],
    ['bearer_token', { token: 'token-123' }],
    ['basic_auth', { username: 'ada', password: 'pa55word' }],
    ['jwt', { algorithm: 'EdDSA', privateKey: ed25519, issuer: 'us', audience: 'them' }],
    ['mtls', { certificate: 'cert', privateKey: 'key' }],
  ];

  it.each(kinds)('%s goes there', async (connector, fields) => {
    const connection = connectionOf(connector, { ...fields, baseUrl: 'https://api.example.com/v1' });
    const sent = await authenticate(CALL, connection, SETTING);
    expect(Object.keys(sent.headers ?? {}).length > 0 || sent.tls !== undefined).toBe(true);
  });

  it.each(
    kinds.flatMap(([connector, fields]) =>
      [
        'https://evil.example/',
        'https://api.example.com.evil.example/',
        'https://api.example.com:8443/',
        'http://api.example.com/',
        'https://api.example.com@evil.example/',
      ].map((url) => [connector, url, fields] as const),
    ),
  )('%s does not go to %s', async (connector, url, fields) => {
    const connection = connectionOf(connector, { ...fields, baseUrl: 'https://api.example.com' });
    const error = await failureOf(authenticate({ ...CALL, url }, connection, SETTING));
    expect(error).toMatchObject({ kind: 'invalid', code: 'credentials_kept', pointer: '/connection' });
    expect(error.message).toContain('https://api.example.com alone');
  });

  it.each(kinds)('%s with an address that is none goes nowhere', async (connector, fields) => {
    const connection = connectionOf(connector, { ...fields, baseUrl: 'not an address' });
    expect(await failureOf(authenticate(CALL, connection, SETTING))).toMatchObject({
      code: 'credentials_kept',
    });
  });

  it.each(kinds.slice(0, 4))('%s without one goes wherever the step calls', async (connector, fields) => {
    const sent = await authenticate(
      { ...CALL, url: 'https://anywhere.example/' },
      connectionOf(connector, fields),
      SETTING,
    );
    expect(Object.keys(sent.headers ?? {})).toHaveLength(1);
  });
});

describe('a signed token', () => {
  const sign = async (fields: Record<string, string>, call: HttpRequest = CALL) => {
    const connection = connectionOf('jwt', { issuer: 'us', audience: 'them', ...fields });
    const { headers } = await authenticate(call, connection, SETTING);
    const [head = '', payload = ''] = (headers?.['authorization'] ?? '').replace('Bearer ', '').split('.');
    const read = (part: string) =>
      JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    return { header: read(head), claims: read(payload) };
  };

  it('has an id of its own, an end soon after, and what the connection says', async () => {
    const fields = {
      algorithm: 'EdDSA',
      privateKey: ed25519,
      subject: 'orders',
      lifetimeSeconds: '90',
      claims: '{"scope":"orders"}',
      kid: 'key-1',
    };
    const [first, second] = [await sign(fields), await sign(fields)];
    expect(first.header).toEqual({ alg: 'EdDSA', typ: 'JWT', kid: 'key-1' });
    const iat = SETTING.now / 1_000;
    expect(first.claims).toEqual({
      ...{ iss: 'us', aud: 'them', sub: 'orders', scope: 'orders' },
      ...{ iat, exp: iat + 90, jti: expect.any(String) },
    });
    expect(second.claims['jti']).not.toBe(first.claims['jti']);
  });

  it('covers the body where the connection says so', async () => {
    const fields = { algorithm: 'ES256', privateKey: pem(p256), signsBody: 'yes' };
    const { claims } = await sign(fields, { ...CALL, body: 'hello' });
    expect(claims['body_sha256']).toBe('LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ');
    expect((await sign(fields)).claims['body_sha256']).toBe('47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU');
  });

  it.each([
    ['PKCS 1', 'RS256', rsa.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['PKCS 8', 'RS256', pem(rsa)],
    ['SEC 1', 'ES256', p256.export({ type: 'sec1', format: 'pem' }).toString()],
  ])('takes a key in %s', async (_name, algorithm, privateKey) => {
    expect((await sign({ algorithm, privateKey })).header['alg']).toBe(algorithm);
  });

  it.each([
    ['of another algorithm', 'RS256', ed25519],
    ['of another curve', 'ES256', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey)],
    ['that is too small', 'RS256', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['that is none', 'EdDSA', '-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----'],
  ])('is not made with a key %s', async (_name, algorithm, privateKey) => {
    const connection = connectionOf('jwt', { issuer: 'us', audience: 'them', algorithm, privateKey });
    const error = await failureOf(authenticate(CALL, connection, SETTING));
    expect(error).toMatchObject({ kind: 'invalid', code: 'invalid_private_key', pointer: '/connection' });
  });

  it('publishes public parts alone', async () => {
    const keys = await publicKeysOf({
      algorithm: 'RS256',
      privateKey: pem(rsa),
      previousPrivateKey: ed25519,
    });
    expect(keys).toEqual([
      { kty: 'RSA', n: expect.any(String), e: 'AQAB', kid: expect.any(String), alg: 'RS256', use: 'sig' },
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.any(String),
        kid: expect.any(String),
        alg: 'EdDSA',
        use: 'sig',
      },
    ]);
  });
});
