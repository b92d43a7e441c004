import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Role } from '#core/api/common.ts';
import { ROUTES } from '#server/api/routes.ts';
import { prisma } from '#server/db/prisma.ts';
import { deliver, startHookServer, type HookServer } from '#test/support/hook-fixture.ts';
import { makeApiKey, makeSession, makeUser } from '#test/support/people.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';
import { callApi, type ApiReply } from '#test/support/call-api.ts';
import { drainIngress } from '#server/ingress/drain-ingress.ts';

const api = useApi();

interface Caller {
  readonly id: string | null;
  readonly credentials: { readonly cookie: string } | { readonly key: string };
}

/** Ada is an editor: the connections are hers. */
let ada: Caller;
const others = new Map<string, Caller>();
let hooks: HookServer;

beforeAll(async () => {
  const member = async (role: Role): Promise<Caller> => {
    const { id } = await makeUser(api.workspaceId, role);
    return { id, credentials: { cookie: await makeSession(id) } };
  };
  ada = await member('editor');
  for (const role of ['owner', 'admin', 'editor', 'operator', 'viewer'] as const) {
    others.set(role, await member(role));
    others.set(`${role} key`, { id: null, credentials: { key: await makeApiKey(api.workspaceId, role) } });
  }
  hooks = await startHookServer();
});
afterAll(async () => {
  await hooks.stop();
  await drainIngress();
});

const call = (by: Caller, line: string, body?: unknown): Promise<ApiReply> =>
  callApi(line, { ...by.credentials, ...(body !== undefined && { body }) });
const other = (name: string) => others.get(name)!;

const AT = 'https://vend.example';
const OAUTH = { authorizeUrl: `${AT}/auth`, tokenUrl: `${AT}/token`, baseUrl: AT, clientId: 'id' };

async function create(by: Caller, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const slug = `c${randomUUID().slice(0, 8)}`;
  const reply = await call(by, 'POST /connections', { slug, connector: 'oauth2', fields: OAUTH, ...more });
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return slug;
}
const ofSecret = { connector: 'signing_secret', fields: { secret: 'a secret of hers' }, owner: 'me' };

/** What there is to do with one connection, by the route's id. */
const CALLS: Readonly<Record<string, (slug: string) => readonly [string, unknown?]>> = {
  readConnection: (slug) => [`GET /connections/${slug}`],
  updateConnection: (slug) => [`PATCH /connections/${slug}`, { name: 'Taken over', isShared: true }],
  authorizeConnection: (slug) => [`POST /connections/${slug}/authorize`, {}],
  testConnection: (slug) => [`POST /connections/${slug}/test`, {}],
  disconnectConnection: (slug) => [`POST /connections/${slug}/disconnect`, {}],
  listConnectLinks: (slug) => [`GET /connections/${slug}/links`],
  createConnectLink: (slug) => [`POST /connections/${slug}/links`, { purpose: 'x' }],
  cancelConnectLink: (slug) => [`DELETE /connections/${slug}/links/${randomUUID()}`],
  deleteConnection: (slug) => [`DELETE /connections/${slug}`],
};

test('every route of one connection is looked at here', () => {
  const routes = ROUTES.filter(({ path }) => path.startsWith('/connections/{slug}')).map(({ id }) => id);
  expect(Object.keys(CALLS).toSorted()).toEqual(routes.toSorted());
});

describe('a connection that a member keeps to themselves', () => {
  test.each([
    ...['owner', 'admin', 'editor', 'operator', 'viewer'],
    ...['owner key', 'admin key', 'editor key'],
  ])('does not exist for another: %s', async (name) => {
    const slug = await create(ada, { isShared: false });
    const by = other(name);
    for (const [id, line] of Object.entries(CALLS)) {
      const [path, body] = line(slug);
      const { status, body: told } = await call(by, path, body);
      // Who may do such a thing with none is told that first.
      const mayAtAll = !['operator', 'viewer'].includes(name) || id === 'readConnection';
      expect(status, `${id}: ${JSON.stringify(told)}`).toBe(mayAtAll ? 404 : 403);
      const missing = await call(by, line('there-is-none')[0], body);
      expect(told).toEqual({
        ...missing.body,
        detail: missing.body.detail.replaceAll('there-is-none', slug),
      });
    }
    for (const list of ['/connections', '/connections/at-risk', '/breakers'])
      expect(JSON.stringify((await call(by, `GET ${list}`)).body), list).not.toContain(slug);
    expect(await call(ada, `GET /connections/${slug}`)).toMatchObject({
      status: 200,
      body: { name: slug, isShared: false, owner: { name: 'editor', isMe: true }, canManage: true },
    });
  });

  test('fills no list for another', async () => {
    const slug = await create(ada, { connector: 'github', fields: {}, isShared: false });
    const list = (by: Caller, connection: string) =>
      call(by, `GET /connectors/github/options/repositories?connection=${connection}`);
    for (const name of ['owner', 'admin', 'editor', 'owner key', 'admin key', 'editor key']) {
      const [told, none] = [await list(other(name), slug), await list(other(name), 'there-is-none')];
      expect(told.status, name).toBe(404);
      expect(JSON.stringify(told.body).replaceAll(slug, 'there-is-none')).toBe(JSON.stringify(none.body));
    }
    // Her own is there: it has no token yet.
    expect((await list(ada, slug)).status).toBe(422);
  });

  test('is its owner’s to use in every way', async () => {
    const slug = await create(ada, { isShared: false });
    const statuses: Record<string, number> = {};
    for (const [id, line] of Object.entries(CALLS)) {
      if (id === 'updateConnection') continue;
      const [path, body] = line(slug);
      statuses[id] = (await call(ada, path, body)).status;
    }
    expect(statuses).toEqual({
      readConnection: 200,
      authorizeConnection: 200,
      testConnection: 422,
      disconnectConnection: 200,
      listConnectLinks: 200,
      createConnectLink: 201,
      cancelConnectLink: 404,
      deleteConnection: 204,
    });
  });

  test('is in no list of far ends that calls are held back from, but its owner’s', async () => {
    const slug = await create(ada, { isShared: false, budget: { calls: 1, seconds: 1 } });
    const scope = `connection:${slug}`;
    expect(JSON.stringify((await call(ada, 'GET /breakers')).body)).toContain(scope);
    for (const name of ['owner', 'editor', 'owner key']) {
      expect(JSON.stringify((await call(other(name), 'GET /breakers')).body)).not.toContain(scope);
      expect((await call(other(name), 'POST /breakers/close', { scope })).status).toBe(404);
    }
    expect((await call(ada, 'POST /breakers/close', { scope })).status).toBe(200);
  });

  test('keeps its slug: nobody else makes one of it', async () => {
    const slug = await create(ada, { isShared: false });
    const again = await call(other('owner'), 'POST /connections', {
      slug,
      connector: 'oauth2',
      fields: OAUTH,
    });
    expect(again.status).toBe(409);
  });

  test('is left to admins once its owner is gone', async () => {
    const { id } = await makeUser(api.workspaceId, 'editor');
    const gone: Caller = { id, credentials: { cookie: await makeSession(id) } };
    const slug = await create(gone, { isShared: false, budget: { calls: 1, seconds: 1 } });
    await prisma().user.delete({ where: { id } });
    for (const name of ['editor', 'viewer', 'editor key']) {
      expect((await call(other(name), `GET /connections/${slug}`)).status).toBe(404);
      for (const list of ['/connections', '/breakers'])
        expect(JSON.stringify((await call(other(name), `GET ${list}`)).body)).not.toContain(slug);
    }
    const shown = await call(other('admin'), `GET /connections/${slug}`);
    expect(shown.body).toMatchObject({ owner: null, isShared: false, canManage: true });
    const kept = await call(other('admin'), `PATCH /connections/${slug}`, { isShared: true });
    expect(kept.body).toMatchObject({ isShared: true });
    expect((await call(other('viewer'), `GET /connections/${slug}`)).status).toBe(200);
  });
});

describe('a connection that a member shares', () => {
  test('is seen by all, and managed by its owner and admins', async () => {
    const expected = { owner: true, admin: true, editor: false, operator: false, viewer: false };
    for (const [role, mayManage] of Object.entries(expected))
      for (const name of [role, `${role} key`]) {
        const slug = await create(ada);
        const by = other(name);
        expect((await call(by, `GET /connections/${slug}`)).body).toMatchObject({
          owner: { name: 'editor', isMe: false },
          canManage: mayManage,
        });
        const patched = await call(by, `PATCH /connections/${slug}`, { name: 'Ours' });
        expect(patched.status, name).toBe(mayManage ? 200 : 403);
        const deleted = await call(by, `DELETE /connections/${slug}`);
        expect(deleted.status, name).toBe(mayManage ? 204 : 403);
      }
  });

  test('is kept to themselves from one moment to the next', async () => {
    const slug = await create(ada);
    await call(ada, `PATCH /connections/${slug}`, { isShared: false });
    expect((await call(other('owner'), `GET /connections/${slug}`)).status).toBe(404);
    await call(ada, `PATCH /connections/${slug}`, { isShared: true });
    expect((await call(other('owner'), `GET /connections/${slug}`)).status).toBe(200);
  });

  test('is not managed by an owner who is an editor no longer', async () => {
    const { id } = await makeUser(api.workspaceId, 'editor');
    const lowered: Caller = { id, credentials: { cookie: await makeSession(id) } };
    const slug = await create(lowered);
    await prisma().membership.updateMany({ where: { userId: id }, data: { role: 'viewer' } });
    expect((await call(lowered, `PATCH /connections/${slug}`, { name: 'x' })).status).toBe(403);
    expect((await call(lowered, `GET /connections/${slug}`)).body).toMatchObject({ canManage: false });
  });
});

describe('whose a new connection is', () => {
  const makes = async (by: Caller, more: Readonly<Record<string, unknown>>) => {
    const slug = `c${randomUUID().slice(0, 8)}`;
    return call(by, 'POST /connections', { slug, connector: 'oauth2', fields: OAUTH, ...more });
  };
  const token = { connector: 'bearer_token', fields: { token: 'a-token' } };

  test.each<[string, string, Readonly<Record<string, unknown>>, number, unknown?]>([
    ['an editor’s, by consent', 'editor', {}, 201, { isMe: true }],
    ['an editor’s, with fields, when they say so', 'editor', { ...token, owner: 'me' }, 201, { isMe: true }],
    ['the workspace’s, with fields: an editor may not', 'editor', token, 403],
    ['the workspace’s, by consent: an editor may not', 'editor', { owner: 'workspace' }, 403],
    ['an operator’s: not', 'operator', {}, 403],
    ['a viewer’s: not', 'viewer', {}, 403],
    ['an admin’s, by consent', 'admin', {}, 201, { isMe: true }],
    ['the workspace’s, with fields', 'admin', token, 201, null],
    ['the workspace’s, when they say so', 'admin', { owner: 'workspace' }, 201, null],
    ['the workspace’s, of a key', 'admin key', {}, 201, null],
    ['a key’s own: there is nobody', 'admin key', { owner: 'me' }, 422],
    ['the workspace’s, of an editor’s key: not', 'editor key', {}, 403],
    [
      'the workspace’s, and kept from others: that is nobody’s',
      'admin',
      { owner: 'workspace', isShared: false },
      422,
    ],
    ['somebody else’s: there is no such word', 'owner', { owner: 'ada' }, 400],
  ])('%s', async (_, name, more, status, owner) => {
    const reply = await makes(other(name), more);
    expect(reply.status, JSON.stringify(reply.body)).toBe(status);
    if (owner === null) expect(reply.body).toMatchObject({ owner: null, isShared: true });
    else if (owner !== undefined) expect(reply.body).toMatchObject({ owner, isShared: true });
  });

  test('cannot be changed, nor one of the workspace be kept from it', async () => {
    const slug = await create(other('admin'), { owner: 'workspace' });
    const kept = await call(other('admin'), `PATCH /connections/${slug}`, { isShared: false });
    expect(kept).toMatchObject({ status: 422, body: { errors: [{ pointer: '/isShared' }] } });
    expect((await call(other('admin'), `PATCH /connections/${slug}`, { owner: 'me' })).status).toBe(400);
  });
});

describe('flows', () => {
  const flowWith = (slug: string, connection: string) => ({
    format: 1,
    name: slug,
    slug,
    nodes: [
      {
        id: 'hook',
        type: 'core.webhook',
        version: 1,
        connection,
        config: { verify: { scheme: 'token', header: 'x-token' } },
      },
    ],
    edges: [],
  });

  test('cannot be published or tried with another’s own connection, as if there were none', async () => {
    const slug = await create(ada, { ...ofSecret, isShared: false });
    await call(ada, `PUT /flows/${slug}`, flowWith(slug, slug));
    for (const name of ['owner', 'editor', 'owner key']) {
      const publish = async (connection: string) => {
        await call(other(name), `PUT /flows/${slug}`, flowWith(slug, connection));
        return call(other(name), `POST /flows/${slug}/publish`, {});
      };
      const [told, none] = [await publish(slug), await publish('there-is-none')];
      expect(told, name).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/nodes/0/connection', code: 'unknown_connection' }] },
      });
      expect(JSON.stringify(told.body).replaceAll(slug, 'there-is-none')).toBe(JSON.stringify(none.body));
      await call(other(name), `PUT /flows/${slug}`, flowWith(slug, slug));
      const tried = await call(other(name), `POST /flows/${slug}/runs`, { version: 'draft', input: {} });
      expect(tried.status, name).toBe(422);
    }
    expect((await call(ada, `POST /flows/${slug}/publish`, {})).status).toBe(200);
  });

  /** Every place of a document that can name a connection. */
  const PLACES: Readonly<Record<string, (connection: string) => readonly object[]>> = {
    'a trigger that an app serves': (connection) => [
      { id: 'event', type: 'acme.contact_created', version: 1, connection },
    ],
    'a trigger that asks': (connection) => [
      {
        id: 'poll',
        type: 'core.poll',
        version: 1,
        connection,
        config: { everySeconds: 60, request: { method: 'GET', url: AT } },
      },
    ],
    'a step': (connection) => [START, { ...CALL, connection }],
    'a step in a loop in a loop': (connection) => [
      START,
      { id: 'each', type: 'core.each', version: 1, config: { items: [1] } },
      { id: 'inner', type: 'core.each', version: 1, parent: 'each', config: { items: [1] } },
      { ...CALL, parent: 'inner', connection },
    ],
    'a step that undoes another': (connection) => [
      START,
      { ...CALL, id: 'made', compensate: 'call' },
      { ...CALL, connection },
    ],
  };
  const START = { id: 'start', type: 'core.manual', version: 1 };
  const CALL = { id: 'call', type: 'http.request', version: 1, config: { method: 'GET', url: AT } };

  describe.each(Object.entries(PLACES))('that name one in %s', (_, nodes) => {
    test('of another member, or of another workspace, name none', async () => {
      const secret = { connector: 'bearer_token', fields: { token: 'hers' } };
      const hers = await create(ada, { ...secret, owner: 'me', isShared: false });
      const foreign = `c${randomUUID().slice(0, 8)}`;
      const { key } = await makeApiWorkspace();
      await callApi('POST /connections', { key, body: { slug: foreign, ...secret } });
      const flow = `f${randomUUID().slice(0, 8)}`;
      const outcomes = async (connection: string) => {
        const document = { format: 1, name: flow, slug: flow, nodes: nodes(connection), edges: [] };
        await call(other('owner'), `PUT /flows/${flow}`, document);
        const published = await call(other('owner'), `POST /flows/${flow}/publish`, {});
        const tried = await call(other('owner'), `POST /flows/${flow}/runs`, { version: 'draft', input: {} });
        return JSON.stringify([published, tried].map(({ status, body }) => [status, body.errors])).replaceAll(
          connection,
          'it',
        );
      };
      const none = await outcomes('there-is-none');
      expect(none).toContain('unknown_connection');
      expect(await outcomes(hers)).toBe(none);
      expect(await outcomes(foreign)).toBe(none);
    });
  });

  test('of others are no longer signed for by a connection that its owner takes back', async () => {
    const slug = await create(ada, ofSecret);
    await call(other('editor'), `PUT /flows/${slug}`, flowWith(slug, slug));
    const { body } = await call(other('editor'), `POST /flows/${slug}/publish`, {});
    const path = new URL((body as { hookUrl: string }).hookUrl).pathname;
    const send = () => deliver(hooks, path, { headers: { 'x-token': 'a secret of hers' }, body: '{}' });
    expect((await send()).status).toBe(202);
    await call(ada, `PATCH /connections/${slug}`, { isShared: false });
    expect((await send()).status).toBe(401);
    // Her own flow goes on with it.
    const own = `own-${slug}`;
    await call(ada, `PUT /flows/${own}`, flowWith(own, slug));
    const mine = await call(ada, `POST /flows/${own}/publish`, {});
    expect(
      (
        await deliver(hooks, new URL(mine.body.hookUrl).pathname, {
          headers: { 'x-token': 'a secret of hers' },
          body: '{}',
        })
      ).status,
    ).toBe(202);
    await call(ada, `PATCH /connections/${slug}`, { isShared: true });
    expect((await send()).status).toBe(202);
  });
});
