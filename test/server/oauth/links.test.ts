import { describe, expect, test } from 'vitest';

import { openConnectLink } from '#server/oauth/connect-links.ts';
import { handleLinkStart } from '#server/oauth/handle-callback.ts';
import { prisma } from '#server/db/prisma.ts';
import { callApi } from '#test/support/call-api.ts';
import { CLIENTS, visit } from '#test/support/oauth/consent-provider.ts';
import { useConsents, type Member } from '#test/support/oauth/use-consents.ts';
import { makeUser } from '#test/support/people.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';

const consents = useConsents();

const call = (line: string, body?: unknown, by: Pick<Member, 'cookie'> = consents.me) =>
  callApi(line, { cookie: by.cookie, body });

async function makeLink(slug: string, body: Readonly<Record<string, unknown>> = {}) {
  const reply = await call(`POST /connections/${slug}/links`, { purpose: 'To copy leads', ...body });
  expect(reply.status).toBe(201);
  const { id, url } = reply.body as { id: string; url: string };
  expect(url).toMatch(new RegExp(`^${PUBLIC_URL}/connect/[\\w-]{43}$`));
  return { id, token: url.split('/').at(-1)! };
}

/** The button of the page behind a link. */
const press = (token: string, headers: Readonly<Record<string, string>> = { origin: PUBLIC_URL }) =>
  handleLinkStart(
    new Request(`${PUBLIC_URL}/connect/${token}/go`, {
      method: 'POST',
      headers: { host: new URL(PUBLIC_URL).host, ...headers },
    }),
    token,
  );

/** A browser that pressed it: where it goes, and the cookie that it has from now on. */
async function begin(token: string) {
  const response = await press(token);
  expect(response.status).toBe(200);
  const url = /<a href="([^"]+)"/.exec(await response.text())![1]!.replaceAll('&amp;', '&');
  const set = response.headers.get('set-cookie')!;
  return { url, set, browser: { cookie: set.split(';')[0]! } };
}
const linksOf = async (slug: string) => (await call(`GET /connections/${slug}/links`)).body.data as unknown[];

describe('a connect link', () => {
  test('grants access without an account here, once', async () => {
    const slug = await consents.create();
    const { id, token } = await makeLink(slug);
    const { url, browser } = await begin(token);
    expect(await consents.come(await visit(url), browser)).toEqual({
      kind: 'connected',
      message: 'Seat is connected as ada@people.example.',
      connection: slug,
      isLink: true,
      app: 'Seat',
    });
    expect(await consents.shown(slug)).toMatchObject({ status: 'ok', account: 'ada@people.example' });
    expect(await openConnectLink(token)).toMatchObject({ state: 'used' });
    expect(await linksOf(slug)).toMatchObject([{ id, state: 'used', purpose: 'To copy leads' }]);
    const again = await press(token);
    expect([again.status, again.headers.get('location')]).toEqual([303, `${PUBLIC_URL}/connect/${token}`]);
    const where = { workspaceId: consents.workspaceId, action: 'connection.connect' };
    expect(await prisma().auditEntry.findFirstOrThrow({ where })).toMatchObject({
      actor: `link:${id}`,
      detail: { link: id, account: 'ada@people.example' },
    });
  });

  test('shows who asks for what and why, in words, and until when; looking uses nothing up', async () => {
    const slug = await consents.create();
    const { token } = await makeLink(slug, { expiresInHours: 168 });
    for (let look = 0; look < 2; look += 1) {
      const opened = await openConnectLink(token);
      expect(opened).toMatchObject({
        state: 'open',
        workspace: 'Test workspace',
        sender: 'owner',
        app: 'Seat',
        purpose: 'To copy leads',
        scopes: ['Read everything', 'Change everything', 'Stay connected'],
      });
      const hours = (opened!.expiresAt.getTime() - Date.now()) / 3_600_000;
      expect(Math.abs(hours - 168)).toBeLessThan(0.1);
    }
  });

  test('to a generic provider shows the scopes that its connection asks for', async () => {
    const slug = await consents.create({
      connector: 'oauth2',
      fields: {
        authorizeUrl: `${consents.provider.url}/auth`,
        tokenUrl: `${consents.provider.url}/token`,
        baseUrl: consents.provider.url,
        clientId: CLIENTS.public.id,
        scopes: 'read write',
      },
    });
    const { token } = await makeLink(slug);
    expect(await openConnectLink(token)).toMatchObject({ scopes: ['read', 'write'] });
  });

  test('is stored as a hash: its address is in the first reply alone', async () => {
    const slug = await consents.create();
    const { token } = await makeLink(slug);
    const rows = await prisma().$queryRaw`
      SELECT (SELECT string_agg(to_jsonb(l)::text, '') FROM connect_link l) || (SELECT string_agg(to_jsonb(a)::text, '') FROM audit_entry a) AS text`;
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(await linksOf(slug))).not.toMatch(/url|token/i);
  });

  test('gives the browser a cookie that scripts cannot read, for ten minutes', async () => {
    const { token } = await makeLink(await consents.create());
    const { set } = await begin(token);
    expect(set).toMatch(/^patchbay\.consent=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
  });

  test('is bound to the browser that pressed the button', async () => {
    const slug = await consents.create();
    const { token } = await makeLink(slug);
    const { url, browser } = await begin(token);
    const other = await begin(token);
    const back = await visit(url);
    // Nobody, another browser, and the member who sent it.
    for (const comes of [{ cookie: '' }, other.browser, consents.me])
      expect(await consents.come(back, comes)).toBeNull();
    expect(consents.provider.requests).toEqual([]);
    expect(await consents.come(back, browser)).toMatchObject({ kind: 'connected' });
  });

  test('of two browsers that both went on, one grants access', async () => {
    const slug = await consents.create();
    const { token } = await makeLink(slug);
    const [one, two] = [await begin(token), await begin(token)];
    const [first, second] = [await visit(one.url), await visit(two.url)];
    const outcomes = await Promise.all([
      consents.come(first, one.browser),
      consents.come(second, two.browser),
    ]);
    expect(outcomes.map((outcome) => outcome!.kind).toSorted()).toEqual(['connected', 'failed']);
    expect((await prisma().connection.findFirstOrThrow({ where: { slug } })).tokenVersion).toBe(1);
  });

  test('that is taken back while somebody is at the consent screen grants nothing', async () => {
    const slug = await consents.create();
    const { id, token } = await makeLink(slug);
    const { url, browser } = await begin(token);
    const back = await visit(url);
    expect((await call(`DELETE /connections/${slug}/links/${id}`)).status).toBe(204);
    expect(await consents.come(back, browser)).toMatchObject({
      kind: 'failed',
      message: 'The link was used already, or whoever sent it has taken it back. Nothing was changed.',
    });
    expect(consents.provider.requests).toEqual([]);
    expect(await consents.shown(slug)).toMatchObject({ status: 'pending' });
  });

  test('stays good after a refusal: whoever holds it may try again', async () => {
    const slug = await consents.create();
    const { token } = await makeLink(slug);
    consents.provider.sitting.decision = 'deny';
    const denied = await begin(token);
    expect(await consents.come(await visit(denied.url), denied.browser)).toMatchObject({
      kind: 'denied',
      isLink: true,
    });
    expect(await openConnectLink(token)).toMatchObject({ state: 'open' });
    consents.provider.sitting.decision = 'allow';
    const { url, browser } = await begin(token);
    expect(await consents.come(await visit(url), browser)).toMatchObject({ kind: 'connected' });
  });

  test('leads nowhere when it is cancelled, over or cut off', async () => {
    const slug = await consents.create();
    const [cancelled, over] = [await makeLink(slug), await makeLink(slug)];
    await call(`DELETE /connections/${slug}/links/${cancelled.id}`);
    await prisma().$executeRaw`UPDATE connect_link SET expires_at = now() WHERE id = ${over.id}::uuid`;
    expect(await openConnectLink(cancelled.token)).toMatchObject({ state: 'cancelled' });
    expect(await openConnectLink(over.token)).toMatchObject({ state: 'expired' });
    expect(await openConnectLink(over.token.slice(0, -1))).toBeNull();
    for (const token of [cancelled.token, over.token, over.token.slice(0, -1), 'x'])
      expect((await press(token)).status).toBe(303);
    expect(await prisma().oAuthConsent.count({ where: { workspaceId: consents.workspaceId } })).toBe(0);
    expect((await call(`DELETE /connections/${slug}/links/${cancelled.id}`)).status).toBe(404);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['nobody knows where', {}],
    ['a name that points here', { origin: 'http://rebound.example:3000', host: 'rebound.example:3000' }],
  ])('is not pressed from %s', async (_, headers) => {
    const { token } = await makeLink(await consents.create());
    const response = await press(token, headers);
    expect(response.status).toBe(303);
    expect(response.headers.has('set-cookie')).toBe(false);
  });

  test('says so where the app has no client yet', async () => {
    const slug = await consents.create({ connector: 'stall' });
    const { token } = await makeLink(slug);
    expect((await press(token)).headers.get('location')).toBe(`${PUBLIC_URL}/connect/${token}?unready`);
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no purpose', { purpose: ' ' }, '/purpose'],
    ['a purpose without end', { purpose: 'x'.repeat(201) }, '/purpose'],
    ['more than a week', { expiresInHours: 169 }, '/expiresInHours'],
    ['no time at all', { expiresInHours: 0 }, '/expiresInHours'],
    ['another’s workspace', { workspaceId: 'w' }, '/workspaceId'],
  ])('with %s is refused', async (_, body, pointer) => {
    const slug = await consents.create();
    const reply = await call(`POST /connections/${slug}/links`, { purpose: 'x', ...body });
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  test('is not for what needs no consent', async () => {
    const slug = await consents.create({ connector: 'bearer_token', fields: { token: 'a-token' } });
    expect(await call(`POST /connections/${slug}/links`, { purpose: 'x' })).toMatchObject({ status: 422 });
  });

  test('is cancelled by the connection that it belongs to alone', async () => {
    const [mine, other] = [await consents.create(), await consents.create()];
    const { id, token } = await makeLink(mine);
    expect((await call(`DELETE /connections/${other}/links/${id}`)).status).toBe(404);
    expect(await openConnectLink(token)).toMatchObject({ state: 'open' });
  });

  test('goes on by a page of its own, from whatever address the app has', async () => {
    const slug = await consents.create({
      connector: 'oauth2',
      fields: {
        authorizeUrl: `${consents.provider.url}/auth?a="><script>alert(1)</script>`.replaceAll(' ', ''),
        tokenUrl: `${consents.provider.url}/token`,
        baseUrl: consents.provider.url,
        clientId: CLIENTS.public.id,
      },
    });
    const page = await (await press((await makeLink(slug)).token)).text();
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/"">/);
  });

  test('is audited when it is made and cancelled', async () => {
    const slug = await consents.create();
    const { id } = await makeLink(slug);
    await call(`DELETE /connections/${slug}/links/${id}`);
    const where = { workspaceId: consents.workspaceId, action: { startsWith: 'connect_link' } };
    const entries = await prisma().auditEntry.findMany({ where, orderBy: { id: 'asc' } });
    expect(entries.map(({ action, detail, resource }) => ({ action, detail, resource }))).toEqual([
      {
        action: 'connect_link.create',
        detail: { purpose: 'To copy leads', expiresInHours: 24 },
        resource: `connection:${slug}`,
      },
      { action: 'connect_link.cancel', detail: { id }, resource: `connection:${slug}` },
    ]);
  });

  test('outlives the member who sent it, without a name', async () => {
    const slug = await consents.create({ more: { owner: 'workspace' } });
    const { token } = await makeLink(slug);
    await makeUser(consents.workspaceId, 'owner');
    await prisma().user.delete({ where: { id: consents.me.id } });
    expect(await openConnectLink(token)).toMatchObject({ state: 'open', sender: null });
  });
});
