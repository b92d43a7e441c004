import { describe, expect, test } from 'vitest';

import { CONNECTORS } from '#connectors/definitions.ts';
import { TOKEN_FIELDS } from '#server/connections/token-fields.ts';
import { callApi } from '#test/support/call-api.ts';
import { CLIENTS } from '#test/support/oauth/consent-provider.ts';
import { useConsents } from '#test/support/oauth/use-consents.ts';

const consents = useConsents();

const at = () => consents.provider.url;
const clientOf = (kind: keyof typeof CLIENTS) => ({
  clientId: CLIENTS[kind].id,
  ...(CLIENTS[kind].secret !== '' && { clientSecret: CLIENTS[kind].secret }),
});
const basic = (id: string, secret: string) => {
  const encoded = [id, secret].map((text) => new URLSearchParams({ '': text }).toString().slice(1));
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`;
};
const withConsent = (more: Readonly<Record<string, string>> = {}) => ({
  authorizeUrl: `${at()}/auth`,
  tokenUrl: `${at()}/token`,
  baseUrl: at(),
  scopes: 'read write',
  ...more,
});
const refuse = async (connector: string, fields: Readonly<Record<string, string>>) => {
  const body = { slug: 'refused', connector, fields };
  const reply = await callApi('POST /connections', { cookie: consents.me.cookie, body });
  expect(reply.status).toBe(422);
  return reply.body.errors as unknown;
};

describe('a generic connection with a consent screen', () => {
  test.each<[string, keyof typeof CLIENTS, Readonly<Record<string, string>>]>([
    ['in the body', 'body', {}],
    ['by basic authentication', 'basic', { clientAuth: 'basic' }],
    ['by nothing but its id', 'public', {}],
    ['by nothing but its id, whatever is chosen', 'public', { clientAuth: 'basic' }],
  ])('shows its client %s', async (_, kind, more) => {
    const slug = await consents.create({
      connector: 'oauth2',
      fields: withConsent({ ...clientOf(kind), ...more }),
    });
    expect(await consents.connect(slug)).toMatchObject({ kind: 'connected' });
    const { id, secret } = CLIENTS[kind];
    const { parameters, authorization } = consents.provider.requests[0]!;
    const isBasic = kind === 'basic';
    expect(authorization).toBe(isBasic ? basic(id, secret) : null);
    expect(parameters.get('client_id')).toBe(isBasic ? null : id);
    expect(parameters.get('client_secret')).toBe(kind === 'body' ? secret : null);
    expect(parameters.get('code_verifier')).toMatch(/.{43}/);
    const { accessToken } = await consents.fields(slug);
    expect(await consents.provider.isAlive(accessToken!)).toBe(true);
    expect(await consents.shown(slug)).toMatchObject({ scopes: ['read', 'write'], account: null });
  });

  test('keeps what stands in its addresses already', async () => {
    const slug = await consents.create({
      connector: 'oauth2',
      fields: withConsent({
        ...clientOf('body'),
        authorizeUrl: `${at()}/auth?tenant=acme&state=theirs&client_id=theirs`,
      }),
    });
    const url = new URL(await consents.authorize(slug));
    expect(url.searchParams.get('tenant')).toBe('acme');
    expect(url.searchParams.getAll('client_id')).toEqual([CLIENTS.body.id]);
    expect(url.searchParams.getAll('state')).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
  });

  test('asks for no scope where none is named', async () => {
    const slug = await consents.create({
      connector: 'oauth2',
      fields: withConsent({ ...clientOf('body'), scopes: '' }),
    });
    expect(new URL(await consents.authorize(slug)).searchParams.has('scope')).toBe(false);
  });

  test('gives its tokens back where it was told how', async () => {
    const told = withConsent({
      ...clientOf('basic'),
      clientAuth: 'basic',
      revokeUrl: `${at()}/token/revocation`,
    });
    const slug = await consents.create({ connector: 'oauth2', fields: told });
    await consents.connect(slug);
    const { accessToken } = await consents.fields(slug);
    const { cookie } = consents.me;
    expect((await callApi(`POST /connections/${slug}/disconnect`, { cookie })).body.revokeError).toBeNull();
    expect(await consents.provider.isAlive(accessToken!)).toBe(false);
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['an address that is none', { tokenUrl: 'vend.example/token' }, '/fields/tokenUrl'],
    ['one of a script', { authorizeUrl: 'javascript:alert(1)' }, '/fields/authorizeUrl'],
    ['one with a user name', { tokenUrl: 'https://vend.example@evil.example/' }, '/fields/tokenUrl'],
    ['another way to show the client', { clientAuth: 'none' }, '/fields/clientAuth'],
    ['a token', { accessToken: 'mine' }, '/fields/accessToken'],
    ['a refresh token', { refreshToken: 'mine' }, '/fields/refreshToken'],
  ])('refuses %s', async (_, more, pointer) => {
    expect(await refuse('oauth2', withConsent({ ...clientOf('body'), ...more }))).toMatchObject([
      { pointer },
    ]);
  });
});

describe('a generic connection of a client alone', () => {
  const fields = (more: Readonly<Record<string, string>> = {}) => ({
    tokenUrl: `${at()}/token`,
    baseUrl: at(),
    scopes: 'read',
    ...clientOf('body'),
    ...more,
  });

  test('asks for a token when it is used, and for no consent', async () => {
    const slug = await consents.create({ connector: 'oauth2_client', fields: fields() });
    const { cookie } = consents.me;
    expect(await consents.shown(slug)).toMatchObject({ owner: null, isShared: true });
    for (const call of ['authorize', 'links', 'disconnect']) {
      const body = call === 'links' ? { purpose: 'x' } : {};
      const reply = await callApi(`POST /connections/${slug}/${call}`, { cookie, body });
      expect(reply, call).toMatchObject({ status: 422, body: { type: '/problems/no_consent' } });
    }
    const { accessToken } = await consents.fields(slug);
    expect(accessToken).toMatch(/.{20}/);
    expect(Object.fromEntries(consents.provider.requests[0]!.parameters)).toEqual({
      grant_type: 'client_credentials',
      scope: 'read',
      client_id: CLIENTS.body.id,
      client_secret: CLIENTS.body.secret,
    });
    expect(await consents.shown(slug)).toMatchObject({ status: 'ok', scopes: ['read'] });
    expect((await consents.shown(slug)).refreshDueAt).not.toBeNull();
  });

  test('by basic authentication, with characters that have to be encoded', async () => {
    const slug = await consents.create({
      connector: 'oauth2_client',
      fields: fields({ ...clientOf('basic'), clientAuth: 'basic' }),
    });
    expect((await consents.fields(slug))['accessToken']).toMatch(/.{20}/);
  });

  test('gets another token for other scopes', async () => {
    const slug = await consents.create({ connector: 'oauth2_client', fields: fields() });
    const { accessToken } = await consents.fields(slug);
    const body = { fields: { scopes: 'read write' } };
    await callApi(`PATCH /connections/${slug}`, { cookie: consents.me.cookie, body });
    expect((await consents.fields(slug))['accessToken']).not.toBe(accessToken);
    expect(await consents.shown(slug)).toMatchObject({ status: 'ok', scopes: ['read', 'write'] });
  });
});

test('no connector has fields that a provider’s would write over, or lists them', () => {
  for (const { id, connection, oauth } of CONNECTORS) {
    const own = Object.keys(connection?.shape ?? {});
    for (const name of [...TOKEN_FIELDS, ...Object.keys(oauth?.keep ?? {})])
      expect(own, `${id}: ${name}`).not.toContain(name);
  }
});
