import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { prisma } from '#server/db/prisma.ts';
import { closeEgress } from '#server/egress/egress-client.ts';
import { callApi } from '#test/support/call-api.ts';
import { redirectEgress } from '#test/support/far-ends.ts';
import { makeApiKey } from '#test/support/people.ts';
import { storeAccount } from '#test/support/triggers/store-account.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';

const api = useApi();
let sink: Sink;

beforeAll(async () => {
  sink = await startSink();
  redirectEgress(sink.url);
  const fields = { token: 'a-personal-token' };
  await api.call('POST /connections', { slug: 'mine', connector: 'bearer_token', fields });
  const secret = { slug: 'secret', connector: 'signing_secret', fields: { secret: 'x' } };
  await api.call('POST /connections', secret);
});

afterAll(async () => {
  await closeEgress();
  await sink.stop();
});

let before = 0;
beforeEach(() => {
  before = sink.requests.length;
});
const arrived = () => sink.requests.slice(before);

/** Asks for a list as the owner does. */
function load(list: string, query: Readonly<Record<string, unknown>> = {}) {
  const texts = Object.entries({ connection: 'mine', ...query }).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return api.call(
    `GET /connectors/${list.replace(' ', '/options/')}?${new URLSearchParams(texts).toString()}`,
  );
}

const REPOS = [
  { full_name: 'octo/hello', description: 'Says hello' },
  { full_name: 'octo/bye', description: null },
];

describe('a live list', () => {
  test('comes from the connected account', async () => {
    sink.reply('/user/repos', { body: REPOS });
    const reply = await load('github repositories');
    expect(reply.body).toEqual({
      data: [
        { value: 'octo/hello', label: 'octo/hello', hint: 'Says hello' },
        { value: 'octo/bye', label: 'octo/bye' },
      ],
      next: null,
    });
    expect(arrived()).toHaveLength(1);
    expect(arrived()[0]?.headers).toMatchObject({
      authorization: 'Bearer a-personal-token',
      'x-far-origin': 'https://api.github.com',
      'x-github-api-version': '2022-11-28',
    });
  });

  test('goes on where it ended', async () => {
    sink.reply('/user/repos', ({ query }) =>
      query.get('page') === '2'
        ? { body: [{ full_name: 'octo/last' }] }
        : { body: REPOS, headers: { link: '<https://api.github.com/user/repos?page=2>; rel="next"' } },
    );
    const first = await load('github repositories');
    expect(first.body.next).toBeTypeOf('string');
    const second = await load('github repositories', { cursor: first.body.next });
    expect(second.body).toEqual({ data: [{ value: 'octo/last', label: 'octo/last' }], next: null });
    expect((await load('github repositories', { cursor: 'x' })).status).toBe(400);
  });

  test('is searched, over several pages where the vendor cannot', async () => {
    sink.reply('/user/repos', ({ query }) =>
      query.get('page') === '2'
        ? { body: [{ full_name: 'octo/Hello-again' }] }
        : { body: REPOS, headers: { link: '<https://api.github.com/user/repos?page=2>; rel="next"' } },
    );
    const reply = await load('github repositories', { search: 'HELLO octo' });
    expect(reply.body.data.map(({ value }: { value: string }) => value)).toEqual([
      'octo/hello',
      'octo/Hello-again',
    ]);
  });

  test('depends on settings, of which it takes what it needs and nothing else', async () => {
    sink.reply('/repos/octo/hello/labels', { body: [{ name: 'bug', description: 'Broken' }] });
    const settings = { repository: 'octo/hello', title: 'not for you' };
    expect((await load('github labels', { settings })).body.data).toEqual([
      { value: 'bug', label: 'bug', hint: 'Broken' },
    ]);
    expect(arrived()[0]?.query.toString()).not.toContain('not');
  });

  test.each([{}, { repository: '' }, { repository: { $expr: 'trigger.body.repository' } }])(
    'cannot be had with the settings %j',
    async (settings) => {
      const reply = await load('github labels', { settings });
      expect([reply.status, reply.body.detail]).toEqual([422, expect.stringMatching(/repository/)]);
      expect(arrived()).toEqual([]);
    },
  );

  test('does not climb out of its path', async () => {
    expect((await load('github labels', { settings: { repository: '../user' } })).status).toBe(422);
    expect(arrived()).toEqual([]);
  });
});

describe('a token that ended meanwhile', () => {
  let slug = '';
  beforeEach(async () => {
    slug = `c${randomUUID().slice(0, 8)}`;
    await api.call('PUT /oauth-apps/github', { clientId: 'client', clientSecret: 'client secret' });
    const fields = { accessToken: 'the-old-token', refreshToken: 'a-refresh-token' };
    const id = await storeAccount(api.workspaceId, { slug, connector: 'github', fields });
    await prisma().connection.update({ where: { id }, data: { clientId: 'client' } });
    sink.reply('/login/oauth/access_token', {
      body: { access_token: 'the-new-token', refresh_token: 'another', expires_in: 28_800 },
    });
  });

  /** The far end knows the new token alone. */
  const answer = (path: string, body: Json) =>
    sink.reply(path, ({ headers }) =>
      headers.authorization === 'Bearer the-new-token' ? { body } : { status: 401, body: {} },
    );
  const expectRenewedFor = (path: string) =>
    expect(arrived().map((request) => request.path)).toEqual([path, '/login/oauth/access_token', path]);

  test('is renewed, once, and the list comes', async () => {
    answer('/user/repos', REPOS);
    const reply = await load('github repositories', { connection: slug });
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    expect(reply.body.data).toHaveLength(2);
    expectRenewedFor('/user/repos');
  });

  test('does not make its connection fail a test', async () => {
    answer('/user', { id: 7, login: 'ada' });
    const reply = await api.call(`POST /connections/${slug}/test`, {});
    expect(reply.body).toEqual({ ok: true, account: 'ada', error: null });
    expectRenewedFor('/user');
  });
});

describe('what is refused', () => {
  test.each<[string, string, Record<string, string>, number]>([
    ['a connector that there is not', 'nothing repositories', {}, 404],
    ['a list that there is not', 'github constructor', {}, 404],
    ['a connection that there is not', 'github repositories', { connection: 'none' }, 404],
    ['a connection of another kind', 'github repositories', { connection: 'secret' }, 422],
    ['settings that are none', 'github repositories', { settings: '[1]' }, 400],
  ])('%s', async (_, list, query, status) => {
    expect((await load(list, query)).status).toBe(status);
    expect(arrived()).toEqual([]);
  });

  test('another workspace’s connection', async () => {
    const { key } = await makeApiWorkspace();
    const reply = await callApi('GET /connectors/github/options/repositories?connection=mine', { key });
    expect(reply.status).toBe(404);
    expect(arrived()).toEqual([]);
  });

  test('a connection that is not connected, and says so to those alone whose it may be', async () => {
    await api.call('POST /connections', { slug: 'unconnected', connector: 'github', fields: {} });
    const query = { connection: 'unconnected' };
    const reply = await load('github repositories', query);
    expect([reply.status, reply.body.detail]).toEqual([422, expect.stringMatching(/is not connected yet/)]);
    await prisma().connection.updateMany({
      where: { slug: 'unconnected' },
      data: { isShared: false, ownerId: null },
    });
    expect((await load('github repositories', query)).status).toBe(404);
  });

  test('those who may not use connections', async () => {
    const key = await makeApiKey(api.workspaceId, 'operator');
    const reply = await callApi('GET /connectors/github/options/repositories?connection=mine', { key });
    expect(reply.status).toBe(403);
  });
});

describe('what the far end says', () => {
  test('is told in plain words, without the token', async () => {
    sink.reply('/user/repos', { status: 401, body: { message: 'Bad credentials' } });
    const reply = await load('github repositories');
    expect(reply.status).toBe(502);
    expect(reply.body.detail).toBe(
      'GitHub refused the call (401 Unauthorized): Bad credentials. The connection was not accepted: connect it again.',
    );
    expect(JSON.stringify(reply.body)).not.toContain('a-personal-token');
  });

  test('says when to come again', async () => {
    sink.reply('/user/repos', { status: 429, body: {}, headers: { 'retry-after': '7' } });
    const reply = await load('github repositories');
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([502, '7']);
  });
});
