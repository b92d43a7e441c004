import { describe, expect, test } from 'vitest';

import { prisma } from '#server/db/prisma.ts';
import { handleCallback } from '#server/oauth/handle-callback.ts';
import { callApi } from '#test/support/call-api.ts';
import { CLIENTS, visit } from '#test/support/oauth/consent-provider.ts';
import { CALLBACK, useConsents } from '#test/support/oauth/use-consents.ts';
import { makeWorkspace } from '#test/support/people.ts';

const consents = useConsents();

const asks = () => consents.provider.requests.filter(({ path }) => path === '/token');
const stateOf = (url: string) => new URL(url).searchParams.get('state')!;
const expectNothingChanged = async (slug: string) =>
  expect(await consents.shown(slug)).toMatchObject({ status: 'pending', account: null, scopes: [] });

/** What a provider sends a person back with. */
const answer = (state: string, more: Readonly<Record<string, string>>) =>
  `${CALLBACK}?${new URLSearchParams({ state, iss: consents.provider.url, ...more })}`;

describe('a consent', () => {
  test('connects: whose account it is, what was granted and until when is known', async () => {
    const slug = await consents.create();
    const outcome = await consents.connect(slug);
    expect(outcome).toEqual({
      kind: 'connected',
      message: 'Seat is connected as ada@people.example.',
      connection: slug,
      isLink: false,
      app: 'Seat',
    });
    const shown = await consents.shown(slug);
    expect(shown).toMatchObject({
      status: 'ok',
      fault: null,
      account: 'ada@people.example',
      scopes: ['read', 'write'],
      owner: { isMe: true },
      // Neither tokens nor what came with them: people set none of these.
      fields: ['clientId', 'clientSecret', 'site'],
    });
    const dueInMs = Date.parse(shown.expiresAt!) - Date.parse(shown.refreshDueAt!);
    expect(Date.parse(shown.expiresAt!) - Date.now()).toBeGreaterThan(3_500_000);
    expect(dueInMs).toBeGreaterThan(200_000);
    const { accessToken, refreshToken, tokenKind } = await consents.fields(slug);
    expect(await consents.provider.isAlive(accessToken!)).toBe(true);
    expect(refreshToken).toMatch(/.{20}/);
    expect(tokenKind).toBe('Bearer');
    const entry = await prisma().auditEntry.findFirstOrThrow({ where: { action: 'connection.connect' } });
    expect(entry).toMatchObject({
      actor: `user:${consents.me.id}`,
      actorName: consents.me.email,
      resource: `connection:${slug}`,
      address: '192.0.2.1',
      detail: { connector: 'seat', account: 'ada@people.example', scopes: ['read', 'write'] },
    });
    expect(JSON.stringify(entry.detail)).not.toContain(accessToken);
  });

  test('keeps state and verifier from whoever reads the database', async () => {
    const slug = await consents.create();
    const url = await consents.authorize(slug);
    expect(stateOf(url)).toMatch(/^[\w-]{43}$/);
    const back = await visit(url);
    await consents.come(back);
    const verifier = asks()[0]!.parameters.get('code_verifier')!;
    expect(verifier).toMatch(/^[\w-]{64}$/);
    const rows = await prisma().$queryRaw`SELECT to_jsonb(c)::text AS text FROM oauth_consent c`;
    const text = JSON.stringify(rows);
    for (const secret of [stateOf(url), verifier])
      for (const form of [secret, Buffer.from(secret).toString('hex')]) expect(text).not.toContain(form);
    expect(new URL(url).searchParams.get('code_challenge')).not.toBe(verifier);
  });

  test('without a word about scopes has granted all of them (RFC 6749, 5.1)', async () => {
    const slug = await consents.create();
    consents.provider.namesScopes = false;
    await consents.connect(slug);
    expect(await consents.shown(slug)).toMatchObject({
      status: 'ok',
      scopes: ['read', 'write', 'offline_access'],
    });
  });

  test('that an API key begins belongs to the member who made the key', async () => {
    const slug = await consents.create();
    const { cookie } = consents.me;
    const { body: made } = await callApi('POST /api-keys', { cookie, body: { name: 'CI', role: 'admin' } });
    const { body, status } = await callApi(`POST /connections/${slug}/authorize`, { key: made.key });
    expect(status).toBe(200);
    expect(await consents.come(await visit(body.url))).toMatchObject({ kind: 'connected' });

    await prisma().apiKey.update({ where: { id: made.id }, data: { createdById: null } });
    const nobody = await callApi(`POST /connections/${slug}/authorize`, { key: made.key });
    expect(nobody).toMatchObject({ status: 422, body: { type: '/problems/no_member' } });
  });

  test('is forgotten a day after its time', async () => {
    const slug = await consents.create();
    await consents.authorize(slug);
    await prisma().$executeRaw`UPDATE oauth_consent SET expires_at = now() - interval '25 hours'`;
    await consents.authorize(slug);
    expect(await prisma().oAuthConsent.count()).toBe(1);
  });
});

describe('leads nowhere, and asks the provider nothing,', () => {
  test.each<[string, (url: URL) => void]>([
    ['with a state that nobody knows', (url) => url.searchParams.set('state', 'x'.repeat(43))],
    ['with an empty state', (url) => url.searchParams.set('state', '')],
    ['without a state', (url) => url.searchParams.delete('state')],
    ['with a second state', (url) => url.searchParams.append('state', 'x')],
    ['with the same state twice', (url) => url.searchParams.append('state', url.searchParams.get('state')!)],
    ['with markup for a state', (url) => url.searchParams.set('state', '</script><svg onload=alert(1)>')],
    ['with a NUL for a state', (url) => url.searchParams.set('state', '\0')],
  ])('%s', async (_, change) => {
    const slug = await consents.create();
    const url = new URL(await visit(await consents.authorize(slug)));
    change(url);
    expect(await consents.come(url.href)).toBeNull();
    expect(asks()).toEqual([]);
    await expectNothingChanged(slug);
  });

  test('when it is used already', async () => {
    const slug = await consents.create();
    const back = await visit(await consents.authorize(slug));
    expect(await consents.come(back)).toMatchObject({ kind: 'connected' });
    expect(await consents.come(back)).toBeNull();
    expect(asks()).toHaveLength(1);
  });

  test('for all but one of many that come at the same time', async () => {
    const slug = await consents.create();
    const back = await visit(await consents.authorize(slug));
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => consents.come(back)));
    expect(outcomes.filter((outcome) => outcome !== null)).toMatchObject([{ kind: 'connected' }]);
    expect(asks()).toHaveLength(1);
  });

  test('after a refusal: that was its one use', async () => {
    const slug = await consents.create();
    const url = await consents.authorize(slug);
    const denied = answer(stateOf(url), { error: 'access_denied' });
    expect(await consents.come(denied)).toMatchObject({ kind: 'denied' });
    expect(await consents.come(await visit(url))).toBeNull();
    await expectNothingChanged(slug);
  });

  test('when its ten minutes are over', async () => {
    const slug = await consents.create();
    const back = await visit(await consents.authorize(slug));
    const rows = await prisma().$queryRaw<{ seconds: number }[]>`
      SELECT extract(epoch FROM expires_at - created_at)::int AS seconds FROM oauth_consent
      WHERE workspace_id = ${consents.workspaceId}::uuid`;
    expect(rows).toEqual([{ seconds: 600 }]);
    await prisma().$executeRaw`UPDATE oauth_consent SET expires_at = now() WHERE used_at IS NULL`;
    expect(await consents.come(back)).toBeNull();
    expect(asks()).toEqual([]);
  });

  test('for anybody else, and stays good for whoever began it', async () => {
    const slug = await consents.create();
    const back = await visit(await consents.authorize(slug));
    expect(await consents.come(back, await consents.member('owner'))).toBeNull();
    expect(await consents.come(back, { cookie: '' })).toBeNull();
    // The cookie of a connect link is another's.
    expect(await consents.come(back, { cookie: 'patchbay.consent=x' })).toBeNull();
    expect(asks()).toEqual([]);
    expect(await consents.come(back)).toMatchObject({ kind: 'connected' });
  });

  test('for a session that was ended', async () => {
    const slug = await consents.create();
    const back = await visit(await consents.authorize(slug));
    await prisma().$executeRaw`UPDATE session SET revoked_at = now() WHERE user_id = ${consents.me.id}::uuid`;
    expect(await consents.come(back)).toBeNull();
    expect(asks()).toEqual([]);
  });

  test('for whoever only looks', async () => {
    const slug = await consents.create();
    const back = await visit(await consents.authorize(slug));
    const { cookie } = consents.me;
    const looked = await handleCallback(new Request(back, { method: 'HEAD', headers: { cookie } }), '');
    expect(looked.status).toBe(405);
    expect(await consents.come(back)).toMatchObject({ kind: 'connected' });
  });

  test('when the connection was deleted', async () => {
    const slug = await consents.create();
    const back = await visit(await consents.authorize(slug));
    await callApi(`DELETE /connections/${slug}`, { cookie: consents.me.cookie });
    expect(await consents.come(back)).toBeNull();
    expect(asks()).toEqual([]);
  });
});

describe('changes nothing when, meanwhile,', () => {
  const expectNoRight = async (slug: string, back: string, by = consents.me) => {
    expect(await consents.come(back, by)).toMatchObject({
      kind: 'failed',
      message: 'You may no longer change this connection. Nothing was changed.',
    });
    expect(asks()).toEqual([]);
    const row = await prisma().connection.findFirstOrThrow({ where: { slug } });
    expect(row).toMatchObject({ status: 'pending', tokenVersion: 0 });
  };

  test('the member lost the role', async () => {
    const by = await consents.member('editor');
    const slug = await consents.create({ by });
    const back = await visit(await consents.authorize(slug, by));
    await prisma().membership.updateMany({ where: { userId: by.id }, data: { role: 'viewer' } });
    await expectNoRight(slug, back, by);
  });

  test('an admin lost theirs over what is the workspace’s', async () => {
    const by = await consents.member('admin');
    const slug = await consents.create({ by, more: { owner: 'workspace' } });
    const back = await visit(await consents.authorize(slug, by));
    await prisma().membership.updateMany({ where: { userId: by.id }, data: { role: 'editor' } });
    await expectNoRight(slug, back, by);
  });

  test('the member moved to another workspace', async () => {
    const by = await consents.member('editor');
    const slug = await consents.create({ by });
    const back = await visit(await consents.authorize(slug, by));
    await prisma().membership.updateMany({
      where: { userId: by.id },
      data: { workspaceId: await makeWorkspace(), role: 'owner' },
    });
    await expectNoRight(slug, back, by);
  });

  test('another client was set', async () => {
    const slug = await consents.create();
    const back = await visit(await consents.authorize(slug));
    await callApi(`PATCH /connections/${slug}`, {
      cookie: consents.me.cookie,
      body: { fields: { clientId: CLIENTS.public.id } },
    });
    expect(await consents.come(back)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('was changed meanwhile'),
    });
    expect(asks()).toEqual([]);
  });

  test('the address was changed while the provider was asked', async () => {
    const slug = await consents.create();
    const back = await visit(await consents.authorize(slug));
    const site = consents.provider.url.replace('127.0.0.1', 'localhost');
    consents.provider.intercept = async () => {
      const body = { fields: { site } };
      const patched = await callApi(`PATCH /connections/${slug}`, { cookie: consents.me.cookie, body });
      expect(patched.status).toBe(200);
      return undefined;
    };
    expect(await consents.come(back)).toMatchObject({
      kind: 'failed',
      message: 'The address of Seat was changed meanwhile. Try again.',
    });
    expect(asks()).toHaveLength(1);
    await expectNothingChanged(slug);
    const held = { connection: { slug }, name: 'accessToken' };
    expect(await prisma().connectionField.count({ where: held })).toBe(0);
  });
});

describe('an answer of', () => {
  const generic = (more: Readonly<Record<string, string>> = {}) =>
    consents.create({
      connector: 'oauth2',
      fields: {
        authorizeUrl: `${consents.provider.url}/auth`,
        tokenUrl: `${consents.provider.url}/token`,
        baseUrl: consents.provider.url,
        clientId: CLIENTS.body.id,
        clientSecret: CLIENTS.body.secret,
        scopes: 'read',
        ...more,
      },
    });

  /** The provider's answer with another `iss`; undefined takes it away. */
  async function comeFrom(slug: string, ...issuers: readonly string[]) {
    const url = new URL(await visit(await consents.authorize(slug)));
    expect(url.searchParams.get('iss')).toBe(consents.provider.url);
    url.searchParams.delete('iss');
    for (const issuer of issuers) url.searchParams.append('iss', issuer);
    return consents.come(url.href);
  }

  test('another server is not taken for the provider’s', async () => {
    for (const issuer of ['https://evil.example', `${consents.provider.url}.evil.example`, 'nonsense', '']) {
      const slug = await generic();
      expect(await comeFrom(slug, issuer)).toMatchObject({
        kind: 'failed',
        message: 'The answer came from another server than OAuth 2.0 API. Nothing was changed.',
      });
    }
    expect(asks()).toEqual([]);
  });

  test('another tenant is not, where the issuer is known', async () => {
    const slug = await generic({ issuer: consents.provider.url });
    expect(await comeFrom(slug, `${consents.provider.url}/`)).toMatchObject({ kind: 'failed' });
    expect(asks()).toEqual([]);
    expect(await comeFrom(slug, consents.provider.url)).toMatchObject({ kind: 'connected' });
  });

  test('nobody is not, where the issuer is known', async () => {
    const slug = await generic({ issuer: consents.provider.url });
    expect(await comeFrom(slug)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('does not say that it is from'),
    });
    expect(asks()).toEqual([]);
  });

  test('one that does not always say who it is, is taken; what it says is checked all the same', async () => {
    const mixed = new URL(
      await visit(await consents.authorize(await consents.create({ connector: 'bench' }))),
    );
    mixed.searchParams.set('iss', 'https://evil.example');
    expect(await consents.come(mixed.href)).toMatchObject({ kind: 'failed' });
    expect(asks()).toEqual([]);
    const silent = new URL(
      await visit(await consents.authorize(await consents.create({ connector: 'bench' }))),
    );
    silent.searchParams.delete('iss');
    expect(await consents.come(silent.href)).toMatchObject({ kind: 'connected' });
  });

  test('a provider that never says who it is, is taken', async () => {
    expect(await comeFrom(await generic())).toMatchObject({ kind: 'connected' });
  });

  test('two contradicts itself', async () => {
    expect(await comeFrom(await generic(), consents.provider.url, 'https://evil.example')).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('contradicts itself'),
    });
    const slug = await generic();
    const url = new URL(await visit(await consents.authorize(slug)));
    url.searchParams.append('code', 'another');
    expect(await consents.come(url.href)).toMatchObject({ kind: 'failed' });
    expect(asks()).toEqual([]);
  });
});

describe('a provider that refuses', () => {
  test('because the person did not want to', async () => {
    const slug = await consents.create();
    consents.provider.sitting.decision = 'deny';
    expect(await consents.connect(slug)).toMatchObject({
      kind: 'denied',
      message: 'You did not allow it at Seat. Nothing was changed.',
    });
    expect(asks()).toEqual([]);
    await expectNothingChanged(slug);
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'a scope',
      { error: 'invalid_scope', error_description: 'Unknown: write' },
      'Seat refused: it does not give the OAuth app a scope that is asked for: invalid_scope (Unknown: write). Nothing was changed.',
    ],
    [
      'because it is ill',
      { error: 'temporarily_unavailable' },
      'Seat refused: it has a problem of its own just now: temporarily_unavailable. Nothing was changed.',
    ],
    [
      'with words that would like to be a page',
      { error: '<img src=x onerror=alert(1)>', error_description: '</p><script>alert(1)</script>' },
      'Seat refused: <img src=x onerror=alert(1)> (</p><script>alert(1)</script>). Nothing was changed.',
    ],
    [
      'with what no database keeps and no line holds',
      { error: 'a\0b\r\nc\u202ed', error_description: '\0' },
      'Seat refused: a b c d. Nothing was changed.',
    ],
    [
      'with the name of a method',
      { error: 'constructor' },
      'Seat refused: constructor. Nothing was changed.',
    ],
    ['without a code', {}, 'Seat sent you back without a code. Try again.'],
    ['with an empty one', { code: '' }, 'Seat sent you back without a code. Try again.'],
  ])('%s', async (_, more, message) => {
    const slug = await consents.create();
    const state = stateOf(await consents.authorize(slug));
    expect(await consents.come(answer(state, more))).toMatchObject({ kind: 'failed', message });
    expect(asks()).toEqual([]);
  });

  test('at length is cut short', async () => {
    const slug = await consents.create();
    const state = stateOf(await consents.authorize(slug));
    const outcome = await consents.come(
      answer(state, { error: 'x'.repeat(5_000), error_description: 'y'.repeat(5_000) }),
    );
    expect(outcome!.message.length).toBeLessThan(500);
  });

  test('a code that is none', async () => {
    const slug = await consents.create();
    const state = stateOf(await consents.authorize(slug));
    expect(await consents.come(answer(state, { code: '</script><svg onload=alert(1)>' }))).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(
        /^Seat no longer accepts this connection: invalid_grant .* Try again\.$/,
      ),
    });
    await expectNothingChanged(slug);
  });

  test('a code of another consent: its verifier does not fit', async () => {
    const [mine, other] = [await consents.create(), await consents.create()];
    const code = new URL(await visit(await consents.authorize(other))).searchParams.get('code')!;
    const state = stateOf(await consents.authorize(mine));
    expect(await consents.come(answer(state, { code }))).toMatchObject({ kind: 'failed' });
    await expectNothingChanged(mine);
  });

  test('and repeats what it was sent: no secret is shown', async () => {
    const slug = await consents.create();
    consents.provider.intercept = ({ parameters }) => ({
      status: 400,
      body: { error: 'invalid_request', error_description: `You sent ${parameters.toString()}` },
    });
    const url = await consents.authorize(slug);
    const { message } = (await consents.come(await visit(url)))!;
    expect(message).toContain('You sent');
    const { parameters } = asks()[0]!;
    for (const name of ['code', 'code_verifier'])
      expect(message).not.toContain(parameters.get(name)!.slice(0, 20));
  });

  test('to be reached', async () => {
    const slug = await consents.create({
      fields: { site: 'http://127.0.0.1:9', clientId: 'id', clientSecret: 's' },
    });
    const state = stateOf(await consents.authorize(slug));
    // A private address that nobody allowed: the token address is no way around the guard of outgoing calls.
    expect(await consents.come(`${CALLBACK}?${new URLSearchParams({ state, code: 'c' })}`)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^Seat could not be asked for a token: .*127\.0\.0\.1/),
    });
  });

  test('and sends Patchbay elsewhere: nothing is sent there', async () => {
    const slug = await consents.create();
    consents.provider.intercept = ({ path }) =>
      path === '/token'
        ? { status: 307, body: {}, headers: { location: `${consents.provider.url}/token/revocation` } }
        : undefined;
    expect(await consents.connect(slug)).toMatchObject({
      kind: 'failed',
      message: 'Seat gave no token: http_307. Nothing was changed. Try again.',
    });
    expect(consents.provider.requests.map(({ path }) => path)).toEqual(['/token']);
  });

  test('to say whose account it is', async () => {
    const slug = await consents.create();
    consents.provider.intercept = () => ({
      status: 200,
      body: { access_token: 'made up', token_type: 'Bearer' },
    });
    expect(await consents.connect(slug)).toMatchObject({
      kind: 'failed',
      message: 'Seat did not say whose account this is (status 401). Nothing was changed. Try again.',
    });
    await expectNothingChanged(slug);
  });
});

describe('what was granted', () => {
  test('is not enough: what is missing is named in words, and nothing is connected', async () => {
    const slug = await consents.create();
    consents.provider.sitting.without = ['write'];
    expect(await consents.connect(slug)).toMatchObject({
      kind: 'missing_scope',
      message:
        'Seat did not grant all that is needed. Missing: Change everything. Try again and leave everything ticked.',
    });
    await expectNothingChanged(slug);
    consents.provider.sitting.without = [];
    expect(await consents.connect(slug)).toMatchObject({ kind: 'connected' });
  });

  test('is another account’s: both are named, and the tokens at hand stay', async () => {
    const slug = await consents.create();
    await consents.connect(slug);
    const before = await consents.fields(slug);
    consents.provider.sitting.person = 'ben';
    expect(await consents.connect(slug)).toMatchObject({
      kind: 'wrong_account',
      message:
        'This connection belongs to ada@people.example at Seat, but you granted access to ben@people.example. Nothing was changed. Sign in there as ada@people.example and try again, or make a new connection for ben@people.example.',
    });
    expect(await consents.fields(slug)).toEqual(before);
    expect(await consents.shown(slug)).toMatchObject({ status: 'ok', account: 'ada@people.example' });

    consents.provider.sitting.person = 'ada';
    expect(await consents.connect(slug)).toMatchObject({ kind: 'connected' });
    const after = await consents.fields(slug);
    expect(after['accessToken']).not.toBe(before['accessToken']);
    expect(after['refreshToken']).not.toBe(before['refreshToken']);
  });

  test('mends a connection that had ended', async () => {
    const slug = await consents.create();
    await consents.connect(slug);
    await prisma().$executeRaw`
      UPDATE connection SET status = 'reconnect', fault = '{"code":"invalid_grant","message":"Over.","at":"2026-11-27T00:00:00Z"}',
        refresh_fails = 3, refresh_by = gen_random_uuid(), refresh_until = now() WHERE slug = ${slug}`;
    await consents.connect(slug);
    expect(await consents.shown(slug)).toMatchObject({ status: 'ok', fault: null });
    const row = await prisma().connection.findFirstOrThrow({ where: { slug } });
    expect(row).toMatchObject({ refreshFails: 0, refreshBy: null, refreshUntil: null, tokenVersion: 2 });
  });
});
