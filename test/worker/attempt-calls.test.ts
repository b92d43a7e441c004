import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import type { HttpRequest } from '#connectors/contract.ts';
import type { Effect } from '#core/flow-document.ts';
import { openConnection, renewConnection } from '#server/connections/open-connection.ts';
import { pool } from '#server/db/pool.ts';
import { closeEgress, egressClient } from '#server/egress/egress-client.ts';
import { ALWAYS_DUE } from '#test/support/always-due.ts';
import '#test/support/oauth/connectors.ts';
import { startOAuthProvider, type Account, type OAuthProvider } from '#test/support/oauth/provider.ts';
import { storeConnection } from '#test/support/oauth/store-connection.ts';
import { makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';
import { attemptCalls, type AttemptCalls } from '#worker/calls/attempt-calls.ts';
import { BudgetDesk } from '#worker/calls/budget-desk.ts';
import { CallGate } from '#worker/calls/call-gate.ts';
import { ConnectionDesk } from '#worker/calls/connection-desk.ts';
import { HeldBack } from '#worker/calls/held-back.ts';
import { Redaction } from '#worker/redact.ts';

process.env['PATCHBAY_EGRESS_ALLOW'] = '127.0.0.0/8';

useAppDatabase();

let provider: OAuthProvider;
let account: Account;
let workspaceId: string;
beforeAll(async () => {
  provider = await startOAuthProvider();
});
afterAll(async () => {
  await closeEgress();
  await provider.stop();
});
beforeEach(async () => {
  provider.intercept = () => undefined;
  workspaceId = await makeWorkspace();
  account = await provider.connect();
  await storeConnection({ db: pool(), workspaceId }, provider, { slug: 'shop', account });
});

/** The calls of one attempt over the connection as it is now. */
async function attempt(effect: Effect, redaction = new Redaction()): Promise<AttemptCalls> {
  const now = () => Date.now();
  const connections = new ConnectionDesk({ openConnection, renewConnection });
  return attemptCalls(
    {
      workspaceId,
      slug: 'shop',
      connection: (await connections.open(workspaceId, 'shop')) ?? undefined,
      slot: null,
      isUrged: false,
      effect,
      leftMs: () => 30_000,
      redaction,
    },
    {
      http: egressClient(),
      dial: egressClient().dial,
      gate: new CallGate({ pool: pool(), due: ALWAYS_DUE, now, onFreed: () => undefined }),
      desk: new BudgetDesk(pool()),
      connections,
      now,
    },
  );
}

const request = (): HttpRequest => ({
  method: 'POST',
  url: `${provider.url}/api/${workspaceId}`,
  isAuthenticated: true,
});
const accepted = () =>
  provider.calls.filter(({ path, isAccepted }) => path === `/api/${workspaceId}` && isAccepted);

test('the calls of an attempt go on with the token that one of them was renewed with', async () => {
  const redaction = new Redaction();
  const calls = await attempt('keyed', redaction);
  expect((await calls.http(request())).status).toBe(200);
  await provider.expire(account.accessToken);
  const replies = await Promise.all([calls.http(request()), calls.http(request())]);
  expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  expect((await calls.http(request())).status).toBe(200);
  expect(accepted()).toHaveLength(4);
  expect(provider.asks.filter(({ shown }) => shown === account.refreshToken)).toHaveLength(1);
  const { fields } = (await openConnection(workspaceId, 'shop'))!;
  expect(redaction.apply(`echo ${fields['accessToken']}`)).toBe('echo [secret]');
});

test('an attempt that may be made anew waits for its connection in the middle', async () => {
  const calls = await attempt('keyed');
  await calls.http(request());
  await provider.revoke(account);
  await expect(calls.http(request())).rejects.toBeInstanceOf(HeldBack);
  expect(calls.hold).toMatchObject({
    for: 'connection',
    scope: 'connection:shop',
    error: { kind: 'auth', code: 'connection_reconnect' },
  });
});

test('one that must not be repeated waits only while nothing was carried out; then the refusal stands', async () => {
  const [fresh, begun] = [await attempt('once'), await attempt('once')];
  await begun.http(request());
  await provider.revoke(account);
  await expect(fresh.http(request())).rejects.toBeInstanceOf(HeldBack);
  expect((await begun.http(request())).status).toBe(401);
  expect(begun.hold).toBeNull();
});

test('a call of a plain address, without what shows who calls, is not repeated', async () => {
  const calls = await attempt('read');
  const reply = await calls.http({ ...request(), isAuthenticated: false });
  expect(reply.status).toBe(401);
  expect(provider.calls.filter(({ path }) => path === `/api/${workspaceId}`)).toHaveLength(1);
});
