import { describe, expect, test } from 'vitest';

import { prisma } from '#server/db/prisma.ts';
import { saveTokens } from '#server/connections/save-tokens.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { callApi } from '#test/support/call-api.ts';
import { CLIENTS } from '#test/support/oauth/consent-provider.ts';
import { useConsents } from '#test/support/oauth/use-consents.ts';

const consents = useConsents();

const call = (line: string, body?: unknown) => callApi(line, { cookie: consents.me.cookie, body });
const revocations = () => consents.provider.requests.filter(({ path }) => path === '/token/revocation');
const rowOf = (slug: string) => prisma().connection.findFirstOrThrow({ where: { slug } });
async function connected(connector?: string): Promise<string> {
  const slug = await consents.create({ ...(connector !== undefined && { connector }) });
  expect(await consents.connect(slug)).toMatchObject({ kind: 'connected' });
  return slug;
}
const heldTokens = (slug: string) =>
  prisma().connectionField.count({
    where: { connection: { slug }, name: { in: ['accessToken', 'refreshToken', 'tokenKind'] } },
  });

describe('disconnecting', () => {
  test('ends the tokens at the app, refresh token first, and forgets them and the account', async () => {
    const slug = await connected();
    const { accessToken, refreshToken } = await consents.fields(slug);
    const reply = await call(`POST /connections/${slug}/disconnect`);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        status: 'pending',
        account: null,
        scopes: [],
        expiresAt: null,
        refreshDueAt: null,
        revokeError: null,
      },
    });
    expect(revocations().map(({ parameters }) => parameters.get('token'))).toEqual([
      refreshToken,
      accessToken,
    ]);
    expect(await consents.provider.isAlive(accessToken!)).toBe(false);
    expect(await heldTokens(slug)).toBe(0);
    const entry = await prisma().auditEntry.findFirstOrThrow({
      where: { resource: `connection:${slug}`, action: 'connection.disconnect' },
    });
    expect(entry.detail).toEqual({ connector: 'seat', account: 'ada@people.example' });
  });

  test('lets another account be connected afterwards', async () => {
    const slug = await connected();
    await call(`POST /connections/${slug}/disconnect`);
    consents.provider.sitting.person = 'ben';
    expect(await consents.connect(slug)).toMatchObject({ kind: 'connected' });
    expect(await consents.shown(slug)).toMatchObject({ account: 'ben@people.example' });
  });

  test.each<[string, () => { status: number; body: unknown }, RegExp]>([
    ['refuses', () => ({ status: 503, body: {} }), /refused to end them \(status 503\)/],
    [
      'refuses with its own words',
      () => ({ status: 400, body: { error: 'unsupported_token_type' } }),
      /status 400/,
    ],
  ])('forgets them too where the app %s, and tells', async (_, intercept, error) => {
    const slug = await connected();
    consents.provider.intercept = ({ path }) => (path === '/token/revocation' ? intercept() : undefined);
    const { body } = await call(`POST /connections/${slug}/disconnect`);
    expect(body).toMatchObject({ status: 'pending', revokeError: expect.stringMatching(error) });
    expect(body.revokeError).toContain('take the access back there');
    expect(await heldTokens(slug)).toBe(0);
    const failed = { resource: `connection:${slug}`, action: 'connection.revoke_failed' };
    expect(await prisma().auditEntry.count({ where: failed })).toBe(1);
  });

  test('forgets them too where the app cannot be reached, and tells', async () => {
    const slug = await consents.create({
      fields: { site: 'http://127.0.0.1:9', clientId: 'id', clientSecret: 'secret' },
    });
    const { id: connectionId, workspaceId } = await rowOf(slug);
    const tokens = { accessToken: 'at', refreshToken: 'rt', expiresInSeconds: 60, scopes: null, kept: {} };
    await inTransaction((tx) => saveTokens(tx, { connectionId, workspaceId }, tokens));
    const { body } = await call(`POST /connections/${slug}/disconnect`);
    expect(body).toMatchObject({
      status: 'pending',
      revokeError: expect.stringContaining('could not be reached'),
    });
    expect(await heldTokens(slug)).toBe(0);
  });

  test('of what was never connected changes nothing, and asks nobody', async () => {
    const slug = await consents.create();
    expect(await call(`POST /connections/${slug}/disconnect`)).toMatchObject({ status: 200 });
    expect(revocations()).toEqual([]);
  });

  test('keeps a renewal that is under way from saving', async () => {
    const slug = await connected();
    const { id: connectionId, workspaceId, tokenVersion: expectedVersion } = await rowOf(slug);
    await call(`POST /connections/${slug}/disconnect`);
    const tokens = { accessToken: 'late', refreshToken: null, expiresInSeconds: 60, scopes: null, kept: {} };
    const late = inTransaction((tx) =>
      saveTokens(tx, { connectionId, workspaceId, expectedVersion }, tokens),
    );
    expect(await late).toBe(false);
    expect(await consents.shown(slug)).toMatchObject({ status: 'pending' });
  });

  test('does not end another connection by the same grant', async () => {
    const [one, two] = [await connected('bench'), await connected('bench')];
    await call(`POST /connections/${one}/disconnect`);
    expect(revocations()).toEqual([]);
    expect(await heldTokens(one)).toBe(0);
    await call(`POST /connections/${two}/disconnect`);
    expect(revocations()).toHaveLength(2);
  });
});

test('deleting ends the tokens at the app', async () => {
  const slug = await connected();
  const { accessToken } = await consents.fields(slug);
  expect((await call(`DELETE /connections/${slug}`)).status).toBe(204);
  expect(await consents.provider.isAlive(accessToken!)).toBe(false);
});

describe('a change of fields', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['the secret', { clientSecret: CLIENTS.body.secret }],
    ['what no address holds', { note: 'Of sales' }],
    ['nothing at all', {}],
  ])('in %s keeps the tokens', async (_, fields) => {
    const slug = await connected();
    const before = await consents.fields(slug);
    expect(await call(`PATCH /connections/${slug}`, { fields })).toMatchObject({
      status: 200,
      body: { status: 'ok', account: 'ada@people.example' },
    });
    expect(await consents.fields(slug)).toMatchObject({ ...before, ...fields });
    expect(revocations()).toEqual([]);
  });

  test('in the address sends no token there: it is ended where it was granted', async () => {
    const slug = await connected();
    const { accessToken } = await consents.fields(slug);
    const reply = await call(`PATCH /connections/${slug}`, { fields: { site: 'https://evil.example' } });
    expect(reply).toMatchObject({ status: 200, body: { status: 'pending', account: null, scopes: [] } });
    expect(await heldTokens(slug)).toBe(0);
    expect(await consents.provider.isAlive(accessToken!)).toBe(false);
    const entry = await prisma().auditEntry.findFirstOrThrow({
      where: { resource: `connection:${slug}`, action: 'connection.update' },
    });
    expect(entry.detail).toMatchObject({ tokens: 'forgotten' });
  });

  test('in the client forgets tokens of the other', async () => {
    const slug = await connected();
    await call(`PATCH /connections/${slug}`, { fields: { clientId: CLIENTS.public.id } });
    expect(await consents.shown(slug)).toMatchObject({ status: 'pending' });
    expect(await heldTokens(slug)).toBe(0);
  });

  test('cannot set or take away what a provider gave', async () => {
    const slug = await connected();
    const before = await consents.fields(slug);
    for (const name of ['accessToken', 'refreshToken', 'tokenKind'])
      for (const value of ['mine', null]) {
        const reply = await call(`PATCH /connections/${slug}`, { fields: { [name]: value } });
        if (value !== null) expect(reply.status, name).toBe(422);
        expect(await consents.fields(slug)).toEqual(before);
      }
  });
});

describe('a test', () => {
  test('says whose account it is', async () => {
    const slug = await connected();
    expect((await call(`POST /connections/${slug}/test`)).body).toEqual({
      ok: true,
      account: 'ada@people.example',
      error: null,
    });
  });

  test('says why it does not work, and never a secret', async () => {
    const slug = await connected();
    const { accessToken } = await consents.fields(slug);
    // Taken back at the app.
    await fetch(`${consents.provider.url}/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({
        token: accessToken!,
        client_id: CLIENTS.body.id,
        client_secret: CLIENTS.body.secret,
      }),
    });
    const { body } = await call(`POST /connections/${slug}/test`);
    expect(body).toEqual({
      ok: false,
      account: null,
      error: `The connection ${slug} must be reconnected: Seat no longer accepts this connection: invalid_grant (grant request is invalid).`,
    });
    expect((await call(`GET /connections/${slug}`)).body).toMatchObject({ status: 'reconnect' });
  });

  test('of one that nobody connected says so', async () => {
    const { body } = await call(`POST /connections/${await consents.create()}/test`);
    expect(body).toMatchObject({ ok: false, error: expect.stringContaining('not connected yet') });
  });

  test('is refused where a connection has no call of its own', async () => {
    const fields = { token: 'a-token' };
    const slug = await consents.create({ connector: 'bearer_token', fields });
    expect(await call(`POST /connections/${slug}/test`)).toMatchObject({
      status: 422,
      body: { type: '/problems/untestable', title: 'It cannot be tested by itself' },
    });
  });
});
