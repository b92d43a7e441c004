import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { closeEgress } from '#server/egress/egress-client.ts';
import { deliver, eventsOf, makeHook, type TestHook } from '#test/support/hook-fixture.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { useHooks } from '#test/support/use-hooks.ts';

process.env['PATCHBAY_EGRESS_ALLOW'] = '127.0.0.1/32';
const hooks = useHooks();
const SECRET = 'a shared secret of at least thirty-two bytes';
const secretKey = Buffer.from(SECRET);

let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
});
afterAll(async () => {
  await closeEgress();
  await sink.stop();
});

const claims = () =>
  new SignJWT({ sub: 'sender' }).setIssuer('https://issuer.example').setAudience('patchbay');
const status = async (hook: TestHook, token: string, header = 'authorization') =>
  (await deliver(hooks.server, hook.path, { headers: { [header]: token }, body: 'x' })).status;

describe('with a shared secret', () => {
  let hook: TestHook;
  beforeAll(async () => {
    const verify = { scheme: 'jwt', issuer: 'https://issuer.example', audience: 'patchbay' };
    hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config: { verify },
      fields: { secret: 'new', previousSecret: SECRET },
    });
  });
  const signed = (change: (jwt: SignJWT) => SignJWT, alg = 'HS256') =>
    change(claims().setProtectedHeader({ alg }).setExpirationTime('5m')).sign(secretKey);

  it('takes a token of either secret, with and without Bearer, and stores it nowhere', async () => {
    const token = await signed((jwt) => jwt);
    expect(await status(hook, `Bearer ${token}`)).toBe(202);
    expect(await status(hook, token)).toBe(202);
    expect(JSON.stringify(await eventsOf(hook))).not.toContain(token);
  });

  it('takes a token without an end only when it is fresh', async () => {
    const issued = (secondsAgo: number) =>
      claims()
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuedAt(Math.floor(Date.now() / 1000) - secondsAgo)
        .sign(secretKey);
    expect(await status(hook, await issued(200))).toBe(202);
    expect(await status(hook, await issued(400))).toBe(401);
    expect(await status(hook, await claims().setProtectedHeader({ alg: 'HS256' }).sign(secretKey))).toBe(401);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['expired', () => signed((jwt) => jwt.setExpirationTime('-10s'))],
    ['not yet valid', () => signed((jwt) => jwt.setNotBefore('10m'))],
    ['another issuer', () => signed((jwt) => jwt.setIssuer('https://evil.example'))],
    ['another audience', () => signed((jwt) => jwt.setAudience('other'))],
    ['another algorithm', () => signed((jwt) => jwt, 'HS512')],
    [
      'alg none',
      () =>
        new UnsecuredJWT({})
          .setIssuer('https://issuer.example')
          .setAudience('patchbay')
          .setExpirationTime('5m')
          .encode(),
    ],
    [
      'wrong key',
      () =>
        claims()
          .setProtectedHeader({ alg: 'HS256' })
          .setExpirationTime('5m')
          .sign(Buffer.from('x'.repeat(32))),
    ],
    ['no token', () => ''],
    ['no JWT', () => 'Bearer a.b.c'],
    ['two dots of nothing', () => '..'],
    ['a very long one', () => `Bearer ${'a'.repeat(9_000)}`],
  ])('refuses: %s', async (_, token) => {
    const before = (await eventsOf(hook)).length;
    expect(await status(hook, await token())).toBe(401);
    expect(await eventsOf(hook)).toHaveLength(before);
  });
});

describe('with a key set', () => {
  let hook: TestHook;
  let first: CryptoKeyPair;
  let second: CryptoKeyPair;
  const keySet = async (...pairs: [CryptoKeyPair, string | undefined][]): Promise<{ keys: JWK[] }> => ({
    keys: await Promise.all(
      pairs.map(async ([{ publicKey }, kid]) => ({
        ...(await exportJWK(publicKey)),
        ...(kid ? { kid } : {}),
        alg: 'ES256',
      })),
    ),
  });
  const signedBy = (pair: CryptoKeyPair, kid?: string) =>
    claims()
      .setProtectedHeader({ alg: 'ES256', ...(kid ? { kid } : {}) })
      .setExpirationTime('5m')
      .sign(pair.privateKey);

  beforeAll(async () => {
    [first, second] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
    sink.reply('/keys', { body: await keySet([first, 'a'], [second, 'b']) });
    const verify = { scheme: 'jwt', jwksUrl: `${sink.url}/keys`, header: 'X-Token' };
    hook = await makeHook({ workspaceId: hooks.workspaceId, config: { verify } });
  });

  it('takes tokens of its keys and fetches the set once', async () => {
    expect(await status(hook, await signedBy(first, 'a'), 'x-token')).toBe(202);
    expect(await status(hook, await signedBy(second, 'b'), 'x-token')).toBe(202);
    // Without a key id, each key that fits is tried.
    expect(await status(hook, await signedBy(second), 'x-token')).toBe(202);
    expect(sink.at('/keys')).toHaveLength(1);
    expect((await eventsOf(hook))[0]!.headers['x-token']).toBe('[redacted]');
  });

  it('refuses a stranger’s key, a key id that is not there, and a public key used as a secret', async () => {
    const stranger = await generateKeyPair('ES256');
    expect(await status(hook, await signedBy(stranger, 'a'), 'x-token')).toBe(401);
    expect(await status(hook, await signedBy(stranger), 'x-token')).toBe(401);
    expect(await status(hook, await signedBy(first, 'zzz'), 'x-token')).toBe(401);
    const asSecret = Buffer.from(JSON.stringify(await exportJWK(first.publicKey)));
    const confused = await claims()
      .setProtectedHeader({ alg: 'HS256', kid: 'a' })
      .setExpirationTime('5m')
      .sign(asSecret);
    expect(await status(hook, confused, 'x-token')).toBe(401);
    expect(sink.at('/keys')).toHaveLength(1);
  });

  it('answers 503 while the set cannot be fetched, and does not ask for it again at once', async () => {
    for (const reply of [{ status: 500 }, { body: 'no JSON' }, { body: { keys: 'none' } }]) {
      const path = `/broken-${JSON.stringify(reply).length}`;
      sink.reply(path, reply);
      const verify = { scheme: 'jwt', jwksUrl: `${sink.url}${path}` };
      const broken = await makeHook({ workspaceId: hooks.workspaceId, config: { verify } });
      const token = await signedBy(first, 'a');
      expect([await status(broken, token), await status(broken, token)]).toEqual([503, 503]);
      expect(sink.at(path)).toHaveLength(1);
      expect(await eventsOf(broken)).toEqual([]);
    }
  });

  it('does not reach into the private network for it', async () => {
    const verify = { scheme: 'jwt', jwksUrl: 'http://169.254.169.254/keys' };
    const metadata = await makeHook({ workspaceId: hooks.workspaceId, config: { verify } });
    expect(await status(metadata, await signedBy(first, 'a'))).toBe(503);
  });
});
