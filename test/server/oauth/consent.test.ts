import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startAcme, type Acme } from '#sandbox/start-acme.ts';
import { handleCallback, handleLinkStart } from '#server/oauth/handle-callback.ts';
import { openConnectLink } from '#server/oauth/connect-links.ts';
import { readOutcome } from '#server/oauth/read-outcome.ts';
import { openConnection } from '#server/connections/open-connection.ts';
import { prisma } from '#server/db/prisma.ts';
import { closeEgress } from '#server/egress/egress-client.ts';
import { callApi } from '#test/support/call-api.ts';
import { consentAtAcme, type AcmeVisit } from '#test/support/acme-visit.ts';
import { makeSession, makeUser, makeWorkspace } from '#test/support/people.ts';
import { appFlow } from '#test/support/trigger-flows.ts';
import { PUBLIC_URL, useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();

let acme: Acme;
let workspaceId: string;
let cookie: string;
let slug: string;
let count = 0;

beforeAll(async () => {
  acme = await startAcme({ patchbayUrl: PUBLIC_URL });
  process.env['PATCHBAY_SANDBOX_URL'] = acme.url;
  process.env['PATCHBAY_SANDBOX_SECRET'] = acme.client.secret;
  process.env['PATCHBAY_EGRESS_ALLOW'] = new URL(acme.url).host;
});
afterAll(async () => {
  await closeEgress();
  await acme.stop();
});
beforeEach(async () => {
  workspaceId = await makeWorkspace();
  const user = await makeUser(workspaceId, 'owner');
  cookie = await makeSession(user.id);
  slug = `acme-${++count}`;
  const made = await callApi('POST /connections', { cookie, body: { slug, connector: 'acme' } });
  expect(made).toMatchObject({ status: 201, body: { status: 'pending', owner: { isMe: true }, fields: [] } });
});

const authorize = async (): Promise<string> => {
  const { status, body } = await callApi(`POST /connections/${slug}/authorize`, { cookie });
  expect(status).toBe(200);
  return (body as { url: string }).url;
};

/** What the page says to which a callback leads; null where it leads nowhere. */
async function come(url: string, cookies = cookie) {
  const response = await handleCallback(new Request(url, { headers: { cookie: cookies } }), '127.0.0.1');
  expect(response.status).toBe(303);
  const location = response.headers.get('location')!;
  expect(location.startsWith(`${PUBLIC_URL}/oauth/done/`)).toBe(true);
  expect(location).not.toMatch(/code=|state=/);
  const id = location.split('/').at(-1)!;
  return id === 'unknown' ? null : readOutcome(id);
}

const consent = async (visit?: AcmeVisit) => come(await consentAtAcme(await authorize(), visit));
const shown = async () => (await callApi(`GET /connections/${slug}`, { cookie })).body;
const tokens = async () => (await openConnection(workspaceId, slug))?.fields;

describe('a consent', () => {
  test('connects: the account is known, tokens are sealed, and nobody reads them', async () => {
    expect(await consent()).toMatchObject({ kind: 'connected', connection: slug });
    const connection = await shown();
    expect(connection).toMatchObject({ status: 'ok', account: 'Ada Park', fields: [], fault: null });
    expect(connection.scopes).toContain('contacts:read');
    expect(Date.parse(connection.expiresAt)).toBeGreaterThan(Date.now());
    const { accessToken, refreshToken } = (await tokens())!;
    expect(accessToken).toBeTruthy();
    expect(refreshToken).toBeTruthy();
    expect(JSON.stringify(connection)).not.toContain(accessToken);
    const me = await fetch(`${acme.apiUrl}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(me.status).toBe(200);
    expect((await callApi(`POST /connections/${slug}/test`, { cookie })).body).toEqual({
      ok: true,
      account: 'Ada Park',
      error: null,
    });
  });

  test('asks with PKCE, for this client and address alone, and says nothing of the verifier', async () => {
    const url = new URL(await authorize());
    expect(url.origin).toBe(acme.url);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'patchbay',
      redirect_uri: `${PUBLIC_URL}/oauth/callback`,
      code_challenge_method: 'S256',
    });
    expect(url.searchParams.get('state')).toMatch(/^[\w-]{43}$/);
    const row = await prisma().oAuthConsent.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    expect(JSON.stringify(row)).not.toContain(url.searchParams.get('state'));
  });

  test('is good once, also for two that come at the same time', async () => {
    const url = await consentAtAcme(await authorize());
    const outcomes = await Promise.all([come(url), come(url), come(url)]);
    expect(outcomes.filter((outcome) => outcome !== null)).toHaveLength(1);
    expect(await come(url)).toBeNull();
    expect(await shown()).toMatchObject({ status: 'ok' });
  });

  test.each<[string, (url: URL) => void]>([
    ['another state', (url) => url.searchParams.set('state', 'x'.repeat(43))],
    ['no state', (url) => url.searchParams.delete('state')],
    ['two states', (url) => url.searchParams.append('state', 'x')],
  ])('leads nowhere with %s', async (_, change) => {
    const url = new URL(await consentAtAcme(await authorize()));
    change(url);
    expect(await come(url.href)).toBeNull();
    expect(await shown()).toMatchObject({ status: 'pending' });
  });

  test('leads nowhere for anybody else, and stays good for whoever began it', async () => {
    const url = await consentAtAcme(await authorize());
    const other = await makeUser(workspaceId, 'owner');
    expect(await come(url, await makeSession(other.id))).toBeNull();
    expect(await come(url, '')).toBeNull();
    expect(await come(url)).toMatchObject({ kind: 'connected' });
  });

  test('leads nowhere after ten minutes', async () => {
    const url = await consentAtAcme(await authorize());
    await prisma()
      .$executeRaw`UPDATE oauth_consent SET expires_at = now() WHERE workspace_id = ${workspaceId}::uuid`;
    expect(await come(url)).toBeNull();
  });

  test('that was denied changes nothing and says so', async () => {
    expect(await consent({ decision: 'deny' })).toMatchObject({
      kind: 'denied',
      message: 'You did not allow it at Acme. Nothing was changed.',
    });
    expect(await shown()).toMatchObject({ status: 'pending' });
  });

  test('that leaves something out names it', async () => {
    const outcome = await consent({ without: ['deals:write'] });
    expect(outcome).toMatchObject({ kind: 'missing_scope' });
    expect(outcome!.message).toContain('Add and change deals');
    expect(await shown()).toMatchObject({ status: 'pending' });
  });

  test('by another account than before is refused: the tokens at hand stay', async () => {
    await consent();
    const before = await tokens();
    const outcome = await consent({ person: 'ben', isAllowedToMiss: true });
    expect(outcome!.kind).not.toBe('connected');
    expect(await tokens()).toEqual(before);
    expect(await shown()).toMatchObject({ account: 'Ada Park' });
  });

  test('has the webhooks of its flows checked: the app may have ended them with the consent before', async () => {
    await consent();
    const flow = appFlow('watching', { type: 'acme.contact_created', connection: slug });
    await callApi('PUT /flows/watching', { cookie, body: flow });
    expect((await callApi('POST /flows/watching/publish', { cookie })).status).toBe(200);
    const later = new Date(Date.now() + 3_600_000);
    const where = { workspaceId };
    const registered = { remoteId: 'hook', checkedAt: new Date(), dueAt: later };
    await prisma().subscription.updateMany({ where, data: registered });
    await consent();
    const row = await prisma().subscription.findFirstOrThrow({ where });
    expect(row.checkedAt).toBeNull();
    expect(row.dueAt!.getTime()).toBeLessThan(later.getTime() - 3_000_000);
  });

  test('from another issuer, or with an error that would like to be markup, is told as text', async () => {
    const mixed = new URL(await consentAtAcme(await authorize()));
    mixed.searchParams.set('iss', 'https://evil.example');
    expect(await come(mixed.href)).toMatchObject({ kind: 'failed' });
    const state = new URL(await authorize()).searchParams.get('state')!;
    const markup = '<img src=x onerror=alert(1)>';
    const query = new URLSearchParams({
      state,
      iss: acme.url,
      error: markup,
      error_description: markup.repeat(50),
    });
    const outcome = await come(`${PUBLIC_URL}/oauth/callback?${query}`);
    expect(outcome!.kind).toBe('failed');
    expect(outcome!.message).toContain('Acme refused');
    expect(outcome!.message.length).toBeLessThan(600);
  });

  test('a code that is none is refused by Acme, in plain words', async () => {
    const state = new URL(await authorize()).searchParams.get('state')!;
    const outcome = await come(
      `${PUBLIC_URL}/oauth/callback?${new URLSearchParams({ state, code: 'no-code', iss: acme.url })}`,
    );
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(outcome!.message).toContain('Try again');
  });

  test('ends with disconnecting: Acme takes the tokens back', async () => {
    await consent();
    const { accessToken } = (await tokens())!;
    const reply = await callApi(`POST /connections/${slug}/disconnect`, { cookie });
    expect(reply).toMatchObject({ status: 200, body: { status: 'pending', account: null, scopes: [] } });
    const me = await fetch(`${acme.apiUrl}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(me.status).toBe(401);
  });
});

describe('a connect link', () => {
  const make = async () => {
    const body = { purpose: 'To copy leads', expiresInHours: 1 };
    const { status, body: link } = await callApi(`POST /connections/${slug}/links`, { cookie, body });
    expect(status).toBe(201);
    return { id: link.id as string, token: (link.url as string).split('/').at(-1)! };
  };
  const go = (token: string, origin = PUBLIC_URL) =>
    handleLinkStart(
      new Request(`${PUBLIC_URL}/connect/${token}/go`, {
        method: 'POST',
        headers: { origin, host: new URL(PUBLIC_URL).host },
      }),
      token,
    );
  const begin = async (token: string) => {
    const response = await go(token);
    expect(response.status).toBe(200);
    const page = await response.text();
    const url = /url=([^"]+)"/.exec(page)![1]!.replaceAll('&amp;', '&');
    return { url, cookie: response.headers.get('set-cookie')!.split(';')[0]! };
  };

  test('grants access without an account here, once', async () => {
    const { token } = await make();
    expect(await openConnectLink(token)).toMatchObject({
      state: 'open',
      app: 'Acme',
      purpose: 'To copy leads',
    });
    const begun = await begin(token);
    const url = await consentAtAcme(begun.url);
    expect(await come(url, '')).toBeNull();
    expect(await come(url, begun.cookie)).toMatchObject({ kind: 'connected', isLink: true });
    expect(await shown()).toMatchObject({ status: 'ok', account: 'Ada Park' });
    expect(await openConnectLink(token)).toMatchObject({ state: 'used' });
    expect((await go(token)).status).toBe(303);
    const links = (await callApi(`GET /connections/${slug}/links`, { cookie })).body.data;
    expect(links).toMatchObject([{ state: 'used' }]);
    expect(JSON.stringify(links)).not.toContain(token);
  });

  test('does nothing when it is cancelled, over, cut off, or pressed by another site', async () => {
    const { id, token } = await make();
    expect((await go(token, 'https://evil.example')).status).toBe(303);
    expect(await openConnectLink(token.slice(0, -1))).toBeNull();
    await callApi(`DELETE /connections/${slug}/links/${id}`, { cookie });
    expect(await openConnectLink(token)).toMatchObject({ state: 'cancelled' });
    expect((await go(token)).status).toBe(303);
    const other = await make();
    await prisma().$executeRaw`UPDATE connect_link SET expires_at = now() WHERE id = ${other.id}::uuid`;
    expect(await openConnectLink(other.token)).toMatchObject({ state: 'expired' });
    expect((await go(other.token)).status).toBe(303);
  });
});
