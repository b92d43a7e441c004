import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { pool } from '#server/db/pool.ts';
import { readMetrics } from '#server/metrics/registry.ts';
import { startMetrics } from '#server/web/metrics.ts';
import { callApi } from '#test/support/call-api.ts';
import '#test/support/oauth/connectors.ts';
import { startOAuthProvider, type OAuthProvider } from '#test/support/oauth/provider.ts';
import { storeConnection, type StoredConnection } from '#test/support/oauth/store-connection.ts';
import { makeApiKey, makeSession, makeUser, makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';
import { publishFlow } from '#test/worker/test-flow.ts';

useAppDatabase();
startMetrics();

let provider: OAuthProvider;
let workspaceId: string;
let key: string;
beforeAll(async () => {
  provider = await startOAuthProvider();
});
afterAll(() => provider.stop());
beforeEach(async () => {
  workspaceId = await makeWorkspace();
  key = await makeApiKey(workspaceId, 'viewer');
});

const DAY = 86_400;
const store = (slug: string, connection: Partial<StoredConnection>, columns = '') =>
  storeConnection({ db: pool(), workspaceId }, provider, { slug, ...connection }).then((id) =>
    columns === '' ? undefined : pool().query(`update connection set ${columns} where id = $1`, [id]),
  );
const both = { accessToken: 'an access token', refreshToken: 'a refresh token' };
const { refreshToken: _, ...accessAlone } = both;

async function atRisk(caller: { key: string } | { cookie: string } = { key }) {
  const { status, body } = await callApi('GET /connections/at-risk', caller);
  expect(status).toBe(200);
  return (body as { data: { slug: string; flows: string[]; risks: { code: string; message: string }[] }[] })
    .data;
}

test('names the connections that need somebody, gravest first, and no others', async () => {
  const fault = `fault = '{"code":"invalid_grant","message":"It is over.","at":"2026-01-01T00:00:00.000Z"}'`;
  await store('well', { account: both, endsInSeconds: DAY });
  await store('plain', { account: accessAlone });
  await store('long', { account: accessAlone, endsInSeconds: 8 * DAY });
  await store('short', { account: accessAlone, endsInSeconds: 6 * DAY });
  await store('hiccup', { account: both, endsInSeconds: DAY }, `refresh_fails = 2, ${fault}`);
  await store('weak', { account: both, endsInSeconds: DAY }, `refresh_fails = 3, ${fault}`);
  await store('stuck', { account: both, endsInSeconds: -1 }, `refresh_fails = 1, ${fault}`);
  await store('machine', { connector: 'twin_machine', account: accessAlone, endsInSeconds: 60 });
  await store('fresh', { status: 'pending' });
  await store('dead', { account: both, status: 'reconnect' }, fault);
  const found = await atRisk();
  expect(found.map(({ slug, risks }) => [slug, ...risks.map(({ code }) => code)])).toEqual([
    ['dead', 'reconnect'],
    ['short', 'ends'],
    ['stuck', 'unrenewed'],
    ['weak', 'unrenewed'],
    ['fresh', 'pending'],
  ]);
  expect(found[0]).toMatchObject({
    name: 'dead',
    connector: 'twin',
    risks: [{ message: 'It is over.', at: '2026-01-01T00:00:00.000Z' }],
    waitingSteps: 0,
  });
  expect(found[3]?.risks[0]?.message).toBe('3 renewals in a row have failed. It is over.');
  expect(JSON.stringify(found)).not.toContain(both.accessToken);
});

test('names the published flows that use them, once each', async () => {
  await store('dead', { account: both, status: 'reconnect' });
  const nodes = ['a', 'b'].map((id) => ({ id, type: 'http.request', connection: 'dead' }));
  const live = await publishFlow({ db: pool(), workspaceId }, { nodes, edges: '' });
  await publishFlow({ db: pool(), workspaceId }, { nodes, edges: '' });
  await pool().query('update flow set published_version = 1 where id = $1', [live.id]);
  expect(await atRisk()).toMatchObject([{ slug: 'dead', flows: [live.slug] }]);
});

test("keeps a member's own connection from the others, admins included", async () => {
  const member = await makeUser(workspaceId, 'editor');
  const other = await makeUser(workspaceId, 'editor');
  const admin = await makeUser(workspaceId, 'admin');
  await store('mine', { account: both, status: 'reconnect', ownerId: member.id, isShared: false });
  await store('ours', { account: both, status: 'reconnect', ownerId: member.id });
  const seenBy = async (user: { id: string }) =>
    (await atRisk({ cookie: await makeSession(user.id) })).map(({ slug }) => slug);
  expect(await seenBy(member)).toEqual(['mine', 'ours']);
  expect(await seenBy(admin)).toEqual(['ours']);
  expect(await seenBy(other)).toEqual(['ours']);
  expect((await atRisk()).map(({ slug }) => slug)).toEqual(['ours']);
  // The member is gone; somebody has to clear it away.
  await pool().query('update connection set owner_id = null where slug = $1', ['mine']);
  expect(await seenBy(admin)).toEqual(['mine', 'ours']);
  expect(await seenBy(other)).toEqual(['ours']);
});

test('is counted in the metrics', async () => {
  await pool().query('delete from connection');
  await store('dead', { account: both, status: 'reconnect' });
  await store('weak', { account: both }, 'refresh_fails = 1');
  const { text } = await readMetrics();
  const states = Object.fromEntries(
    [...text.matchAll(/^patchbay_connections\{state="(\w+)"\} (\d+)$/gm)].map(([, state, count]) => [
      state,
      count,
    ]),
  );
  expect(states).toEqual({ ok: '0', pending: '0', reconnect: '1', unrenewed: '1' });
  expect(text).toMatch(/^patchbay_steps_parked 0$/m);
});
