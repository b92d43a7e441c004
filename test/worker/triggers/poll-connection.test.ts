import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { openConnection, renewConnection } from '#server/connections/open-connection.ts';
import { renewDueConnections } from '#server/connections/renew-due-connections.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { closeEgress, egressClient } from '#server/egress/egress-client.ts';
import { stopQueue } from '#server/queue/boss.ts';
import { bookCallSlots } from '#server/sql/book-calls.ts';
import { ALWAYS_DUE } from '#test/support/always-due.ts';
import '#test/support/oauth/connectors.ts';
import { callServices } from '#test/support/call-services.ts';
import { startOAuthProvider, type Account, type OAuthProvider } from '#test/support/oauth/provider.ts';
import { storeConnection } from '#test/support/oauth/store-connection.ts';
import { makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { publishFlow } from '#test/worker/test-flow.ts';
import { ConnectionDesk } from '#worker/calls/connection-desk.ts';
import type { AccountServices } from '#worker/calls/open-account.ts';
import { Poller } from '#worker/triggers/poller.ts';

process.env['PATCHBAY_EGRESS_ALLOW'] = '127.0.0.0/8';

useAppDatabase();

let provider: OAuthProvider;
let account: Account;
let workspaceId: string;
let flowId: string;
let poller: Poller;
let gate: AccountServices['gate'];

beforeAll(async () => {
  provider = await startOAuthProvider();
});
beforeEach(async () => {
  provider.intercept = () => undefined;
  workspaceId = await makeWorkspace();
  account = await provider.connect();
  const connections = new ConnectionDesk({ openConnection, renewConnection });
  const services = callServices(egressClient(), { connections });
  gate = services.gate;
  poller = new Poller({ pool: pool(), due: ALWAYS_DUE, ...services });
});
afterAll(async () => {
  await stopQueue();
  await closeEgress();
  await provider.stop();
});

/** A published poll of the app's API, due now. */
async function publish(): Promise<void> {
  const request = { method: 'GET', url: `${provider.url}/api/${workspaceId}` };
  const config: Record<string, Json> = {
    request,
    everySeconds: 60,
    items: { $expr: '[reply.body]' },
    first: 'run',
  };
  const poll = { id: 'poll', type: 'core.poll', connection: 'shop', config };
  ({ id: flowId } = await publishFlow({ db: pool(), workspaceId }, { nodes: [poll], edges: '' }));
  await pool().query('update flow set published_version = 1 where id = $1', [flowId]);
  await pool().query(
    `insert into poll (flow_id, workspace_id, node_id, next_at) values ($1, $2, 'poll', now())`,
    [flowId, workspaceId],
  );
}

const store = (endsInSeconds: number) =>
  storeConnection({ db: pool(), workspaceId }, provider, { slug: 'shop', account, endsInSeconds });
const row = () => prisma().poll.findUniqueOrThrow({ where: { flowId } });
const calls = () => provider.calls.filter(({ path }) => path === `/api/${workspaceId}`);

test('a poll whose token is refused asks once more with another', async () => {
  await store(3_600);
  await provider.expire(account.accessToken);
  await publish();
  poller.start();
  await waitFor('the run', () => prisma().run.findFirst({ where: { workspaceId } }));
  await poller.stop(1_000);
  expect(calls().map(({ isAccepted }) => isAccepted)).toEqual([false, true]);
  expect(await row()).toMatchObject({ failures: 0, error: null });
});

test('a poll whose connection must be reconnected waits, says why, and asks as soon as it is', async () => {
  const id = await store(-1);
  await provider.revoke(account);
  await publish();
  poller.start();
  const failed = await waitFor('the note', async () => {
    const poll = await row();
    return poll.failures > 0 && poll;
  });
  expect(failed).toMatchObject({
    failures: 1,
    error: {
      kind: 'auth',
      code: 'connection_reconnect',
      message: expect.stringMatching(/^The connection shop must be reconnected/) as string,
    },
  });
  expect(failed.nextAt.getTime()).toBeGreaterThan(Date.now() + 600_000);
  await renewDueConnections();
  expect(await row()).toMatchObject({ nextAt: failed.nextAt });
  // Reconnected: what matters here is that the row says so.
  const good = await provider.connect();
  const fresh = await storeConnection({ db: pool(), workspaceId }, provider, {
    slug: 'fresh',
    account: good,
  });
  await pool().query('delete from connection where id = $1', [id]);
  await pool().query(`update connection set slug = 'shop' where id = $1`, [fresh]);
  await renewDueConnections();
  await waitFor('the run', () => prisma().run.findFirst({ where: { workspaceId } }));
  await poller.stop(1_000);
  expect(await row()).toMatchObject({ failures: 0, error: null, found: 1 });
  expect(calls()).toHaveLength(1);
});

test('a poll keeps away from a far end that asked for time, and says so', async () => {
  await store(3_600);
  const place = { workspaceId, scope: 'connection:shop' };
  const error = { kind: 'throttled', code: 'status_429', message: 'Too many.' } as const;
  (await gate.pass(place)).end({ kind: 'throttled', error, retryAfterMs: 600_000 });
  await publish();
  poller.start();
  const failed = await waitFor('the note', async () => {
    const poll = await row();
    return poll.failures > 0 && poll;
  });
  await poller.stop(1_000);
  expect(calls()).toEqual([]);
  expect(failed).toMatchObject({
    error: { code: 'held_back', message: expect.stringContaining('shop') as string },
  });
  expect(failed.nextAt.getTime()).toBeGreaterThan(Date.now() + 500_000);
});

test('a poll takes its turn in the budget of its connection', async () => {
  const id = await store(3_600);
  await pool().query('update connection set budget_calls = 1, budget_seconds = 2 where id = $1', [id]);
  const begun = Date.now();
  const used = await bookCallSlots(pool(), { workspaceId, connection: 'shop', slots: [null] });
  expect(used).toEqual([null]);
  await publish();
  poller.start();
  await waitFor('the run', () => prisma().run.findFirst({ where: { workspaceId } }));
  await poller.stop(1_000);
  expect(Date.now() - begun).toBeGreaterThan(1_900);
  expect(await row()).toMatchObject({ failures: 0, error: null });
});
