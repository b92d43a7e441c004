import { afterEach, describe, expect, test } from 'vitest';

import { prisma } from '#server/db/prisma.ts';
import { findProvider } from '#server/oauth/provider.ts';
import { callApi } from '#test/support/call-api.ts';
import { CLIENTS, visit } from '#test/support/oauth/consent-provider.ts';
import { CALLBACK, useConsents, type Member } from '#test/support/oauth/use-consents.ts';
import { makeSession, makeUser, makeWorkspace } from '#test/support/people.ts';

const consents = useConsents();

const call = (line: string, body?: unknown, by: Pick<Member, 'cookie'> = consents.me) =>
  callApi(line, { cookie: by.cookie, body });
const put = (kind: keyof typeof CLIENTS, by?: Member) =>
  call('PUT /oauth-apps/stall', { clientId: CLIENTS[kind].id, clientSecret: CLIENTS[kind].secret }, by);
const app = async (connector = 'stall', by?: Pick<Member, 'cookie'>) =>
  (await call('GET /oauth-apps', undefined, by)).body.data.find(
    (each: { connector: string }) => each.connector === connector,
  );
const clientOf = async (workspaceId = consents.workspaceId) =>
  (
    await findProvider(prisma(), {
      workspaceId,
      connector: 'stall',
      fields: { site: 'https://vend.example' },
    })
  ).client;

afterEach(() => {
  for (const part of ['ID', 'SECRET']) delete process.env[`PATCHBAY_OAUTH_STALL_CLIENT_${part}`];
  delete process.env['PATCHBAY_OAUTH_GITHUB_CLIENT_ID'];
});

describe('the OAuth apps of a workspace', () => {
  test('are all that have a consent screen and no client of their own, with what registering needs', async () => {
    expect(await app()).toEqual({
      connector: 'stall',
      label: 'Stall',
      source: 'none',
      clientId: null,
      callbackUrl: CALLBACK,
      setup: { url: 'https://seat.example/apps', steps: ['Register it.'] },
      otherClient: 0,
    });
    expect(await app('github')).toMatchObject({
      source: 'none',
      setup: { url: expect.stringMatching(/^https:/) },
    });
    // Their client is a matter of each connection, or there is no consent at all.
    for (const connector of ['seat', 'oauth2', 'oauth2_client', 'bearer_token'])
      expect(await app(connector), connector).toBeUndefined();
  });

  test('are set, used and replaced; the secret is sealed and never shown', async () => {
    const first = await put('body');
    expect(first).toMatchObject({ status: 200, body: { source: 'workspace', clientId: CLIENTS.body.id } });
    expect(await clientOf()).toEqual(CLIENTS.body);
    await put('basic');
    expect(await clientOf()).toEqual(CLIENTS.basic);
    const row = await prisma().oAuthApp.findFirstOrThrow({ where: { workspaceId: consents.workspaceId } });
    const seen = [
      first.body,
      await app(),
      (await call('GET /audit')).body,
      (await call('GET /connectors')).body,
    ];
    for (const text of [
      ...seen.map((each) => JSON.stringify(each)),
      Buffer.from(row.secret).toString('latin1'),
    ])
      for (const { secret } of [CLIENTS.body, CLIENTS.basic]) expect(text).not.toContain(secret);
  });

  test('are forgotten', async () => {
    await put('body');
    expect((await call('DELETE /oauth-apps/stall')).status).toBe(204);
    expect(await app()).toMatchObject({ source: 'none', clientId: null });
    expect((await call('DELETE /oauth-apps/stall')).status).toBe(404);
    const slug = await consents.create({ connector: 'stall' });
    expect(await call(`POST /connections/${slug}/authorize`)).toMatchObject({
      status: 422,
      body: { type: '/problems/no_client', detail: expect.stringContaining('no OAuth app for Stall') },
    });
  });

  test('say how many connections another client must make anew', async () => {
    await put('body');
    const [slug] = [
      await consents.create({ connector: 'stall' }),
      await consents.create({ connector: 'stall' }),
    ];
    await consents.connect(slug);
    expect(await app()).toMatchObject({ otherClient: 0 });
    expect((await put('public')).body).toMatchObject({ clientId: CLIENTS.public.id, otherClient: 1 });
    expect(await consents.connect(slug)).toMatchObject({ kind: 'connected' });
    expect(await app()).toMatchObject({ otherClient: 0 });
  });

  test('that change while somebody is at the consent screen end that consent', async () => {
    await put('body');
    const slug = await consents.create({ connector: 'stall' });
    const back = await visit(await consents.authorize(slug));
    await put('basic');
    expect(await consents.come(back)).toMatchObject({
      kind: 'failed',
      message: 'The OAuth app for Stall was changed meanwhile. Try again.',
    });
    expect(consents.provider.requests).toEqual([]);
  });

  test('are one workspace’s', async () => {
    await put('body');
    const elsewhere = await makeWorkspace();
    const stranger = { cookie: await makeSession((await makeUser(elsewhere, 'owner')).id) };
    expect(await app('stall', stranger)).toMatchObject({ source: 'none', clientId: null });
    expect((await call('DELETE /oauth-apps/stall', undefined, stranger)).status).toBe(404);
    await expect(clientOf(elsewhere)).rejects.toMatchObject({ code: 'no_client' });
    expect(await clientOf()).toEqual(CLIENTS.body);
  });

  test('set twice at once are one', async () => {
    const replies = await Promise.all([put('body'), put('basic'), put('public')]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await prisma().oAuthApp.count({ where: { workspaceId: consents.workspaceId } })).toBe(1);
    expect(Object.values(CLIENTS)).toContainEqual(await clientOf());
  });

  test.each(['bearer_token', 'seat', 'oauth2', 'oauth2_client', 'nothing', '__proto__'])(
    'are not for %s',
    async (connector) => {
      const body = { clientId: 'id', clientSecret: 'secret' };
      expect((await call(`PUT /oauth-apps/${connector}`, body)).status).toBe(404);
      expect((await call(`DELETE /oauth-apps/${connector}`)).status).toBe(404);
    },
  );

  test.each([
    { clientId: '', clientSecret: 's' },
    { clientId: 'id' },
    { clientId: 'id', clientSecret: 's', workspaceId: 'w' },
  ])('take nothing like %o', async (body) => {
    expect((await call('PUT /oauth-apps/stall', body)).status).toBe(400);
  });

  test('are audited, without their secret', async () => {
    await put('body');
    await call('DELETE /oauth-apps/stall');
    const where = { workspaceId: consents.workspaceId, resource: 'oauth_app:stall' };
    const entries = await prisma().auditEntry.findMany({ where, orderBy: { id: 'asc' } });
    expect(entries.map(({ action, detail }) => ({ action, detail }))).toEqual([
      { action: 'oauth_app.set', detail: { clientId: CLIENTS.body.id } },
      { action: 'oauth_app.delete', detail: {} },
    ]);
  });
});

describe('the client of the environment', () => {
  test('serves every workspace, until one has its own', async () => {
    process.env['PATCHBAY_OAUTH_STALL_CLIENT_ID'] = 'of the environment';
    process.env['PATCHBAY_OAUTH_STALL_CLIENT_SECRET'] = 'its secret';
    const { cookie } = consents.me;
    const sourceOf = async () => (await callApi('GET /connectors/stall', { cookie })).body.oauth.client;
    expect(await app()).toMatchObject({ source: 'environment', clientId: 'of the environment' });
    expect(await sourceOf()).toBe('environment');
    expect(await clientOf()).toEqual({ id: 'of the environment', secret: 'its secret' });
    await put('body');
    expect(await app()).toMatchObject({ source: 'workspace', clientId: CLIENTS.body.id });
    expect(await sourceOf()).toBe('workspace');
    await call('DELETE /oauth-apps/stall');
    expect(await sourceOf()).toBe('environment');
  });

  test('is that of the one connector', async () => {
    process.env['PATCHBAY_OAUTH_GITHUB_CLIENT_ID'] = 'of GitHub';
    expect(await app()).toMatchObject({ source: 'none' });
    expect(await app('github')).toMatchObject({ source: 'environment', clientId: 'of GitHub' });
  });
});

test('the catalogue says what a consent asks for, how to register, and by what a connector was judged', async () => {
  const { cookie } = consents.me;
  const read = async (id: string) => (await callApi(`GET /connectors/${id}`, { cookie })).body;
  expect(await read('stall')).toMatchObject({
    oauth: {
      grant: 'authorization_code',
      client: 'none',
      scopes: expect.arrayContaining([{ id: 'read', says: 'Read everything' }]),
      setup: { url: 'https://seat.example/apps' },
    },
    canBeTested: true,
    proof: null,
  });
  expect(await read('seat')).toMatchObject({ oauth: { client: 'connection', setup: null } });
  expect(await read('github')).toMatchObject({ proof: 'vendor_specification' });
  expect(await read('bearer_token')).toMatchObject({ oauth: null, canBeTested: false, proof: null });
});
