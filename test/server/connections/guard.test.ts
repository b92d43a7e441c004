import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ConnectionAway } from '#server/connections/connection-away.ts';
import { renewDueConnections } from '#server/connections/renew-due-connections.ts';
import { openConnection, renewConnection } from '#server/connections/open-connection.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { closeEgress } from '#server/egress/egress-client.ts';
import { takeRenewal } from '#server/sql/connection-tokens.ts';
import '#test/support/oauth/connectors.ts';
import { startOAuthProvider, type Account, type OAuthProvider } from '#test/support/oauth/provider.ts';
import { putFields, storeConnection, type StoredConnection } from '#test/support/oauth/store-connection.ts';
import { makeUser, makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';
import { publishFlow } from '#test/worker/test-flow.ts';

process.env['PATCHBAY_EGRESS_ALLOW'] = '127.0.0.0/8';
process.env['PATCHBAY_SMTP_URL'] = 'smtp://127.0.0.1:1';
process.env['PATCHBAY_MAIL_FROM'] = 'patchbay@example.com';

useAppDatabase();

let provider: OAuthProvider;
let workspaceId: string;
let account: Account;

beforeAll(async () => {
  provider = await startOAuthProvider();
});
afterAll(async () => {
  await closeEgress();
  await provider.stop();
});
beforeEach(async () => {
  // What an earlier test left may be due by now.
  await pool().query('delete from connection');
  workspaceId = await makeWorkspace();
  account = await provider.connect();
  provider.intercept = () => undefined;
  provider.isPolite = false;
});

const store = (connection: Partial<StoredConnection> = {}) =>
  storeConnection({ db: pool(), workspaceId }, provider, { slug: 'shop', account, ...connection });
const open = () => openConnection(workspaceId, 'shop');
const row = () => prisma().connection.findFirstOrThrow({ where: { workspaceId, slug: 'shop' } });
const change = (columns: string) =>
  pool().query(`update connection set ${columns} where workspace_id = $1`, [workspaceId]);

/** The requests for tokens that one refresh token was shown with. */
const asksWith = (refreshToken: string) => provider.asks.filter(({ shown }) => shown === refreshToken);

/** Asks made while something is done. */
async function asksDuring(work: () => Promise<unknown>): Promise<number> {
  const before = provider.asks.length;
  await work();
  return provider.asks.length - before;
}

async function away(work: () => Promise<unknown>): Promise<Pick<ConnectionAway, 'code' | 'message'>> {
  const error = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectionAway)) throw new Error(`It was not away: ${String(error)}`);
  return { code: error.code, message: error.message };
}

async function mails() {
  return prisma().email.findMany({ where: { workspaceId }, orderBy: { recipient: 'asc' } });
}

describe('a token', () => {
  test('that lives is used as it is', async () => {
    await store({ endsInSeconds: 60 });
    const asked = await asksDuring(async () => {
      const opened = await open();
      expect(opened?.fields['accessToken']).toBe(account.accessToken);
      expect(opened?.token?.version).toBe(1);
      expect(opened?.token?.goodForMs).toBeGreaterThan(40_000);
      expect(opened?.token?.goodForMs).toBeLessThanOrEqual(50_000);
    });
    expect(asked).toBe(0);
  });

  test.each([-5, 5])('that ends in %i s is renewed first, once for all who ask', async (endsInSeconds) => {
    await store({ endsInSeconds });
    const opened = await Promise.all(Array.from({ length: 30 }, open));
    const tokens = new Set(opened.map((connection) => connection?.fields['accessToken']));
    expect(tokens.size).toBe(1);
    expect(tokens).not.toContain(account.accessToken);
    expect(asksWith(account.refreshToken)).toMatchObject([{ refusal: null }]);
    expect(await row()).toMatchObject({
      status: 'ok',
      tokenVersion: 2,
      refreshBy: null,
      refreshUntil: null,
      refreshFails: 0,
    });
  });

  test('that is short is used for four fifths of its life', async () => {
    provider.accessSeconds = 5;
    await store({ endsInSeconds: -1 });
    const opened = await open();
    provider.accessSeconds = 3_600;
    expect(opened?.token?.goodForMs).toBeGreaterThan(2_000);
    expect(opened?.token?.goodForMs).toBeLessThanOrEqual(4_000);
    expect(await asksDuring(open)).toBe(0);
  });

  test('of a connection that needs nobody is asked for when there is none', async () => {
    await store({ connector: 'twin_machine', account: undefined, status: 'pending' });
    const opened = await open();
    expect(opened?.fields['accessToken']).toMatch(/./);
    expect(await row()).toMatchObject({ status: 'ok', tokenVersion: 1 });
  });
});

describe('a provider that cannot give a token just now', () => {
  test('is left alone for as long as it says, and the token at hand is used meanwhile', async () => {
    await store({ endsInSeconds: 8 });
    provider.intercept = () => ({ status: 503, headers: { 'retry-after': '120' } });
    expect((await open())?.fields['accessToken']).toBe(account.accessToken);
    const failed = await row();
    expect(failed).toMatchObject({
      status: 'ok',
      refreshFails: 1,
      refreshBy: null,
      fault: { code: 'http_503' },
    });
    expect(failed.refreshDueAt!.getTime()).toBeGreaterThan(Date.now() + 115_000);
    expect(await asksDuring(open)).toBe(0);
    expect(await asksDuring(renewDueConnections)).toBe(0);
  });

  test('is asked again after a pause that grows; the connection is away until then', async () => {
    await store({ endsInSeconds: -1 });
    provider.intercept = () => ({ status: 500 });
    expect(await away(open)).toMatchObject({ code: 'connection_unrenewed' });
    const first = (await row()).refreshDueAt!.getTime() - Date.now();
    expect(first).toBeGreaterThan(1_500);
    expect(first).toBeLessThanOrEqual(5_000);
    expect(await asksDuring(() => away(open))).toBe(0);
    for (const fails of [2, 3, 4, 5]) {
      await change('refresh_due_at = now()');
      expect(await asksDuring(renewDueConnections)).toBe(1);
      expect(await row()).toMatchObject({ refreshFails: fails, status: 'ok' });
    }
    expect((await row()).refreshDueAt!.getTime() - Date.now()).toBeGreaterThan(35_000);
    expect(await mails()).toEqual([]);
    provider.intercept = () => undefined;
    await change('refresh_due_at = now()');
    expect((await open())?.fields['accessToken']).not.toBe(account.accessToken);
    expect(await row()).toMatchObject({ refreshFails: 0, fault: null, tokenVersion: 2 });
  });
});

describe('a grant that has ended', () => {
  beforeEach(() => provider.revoke(account));

  test('ends the connection: marked once, audited, its people told, never asked for again', async () => {
    const owner = await makeUser(workspaceId, 'owner');
    const admin = await makeUser(workspaceId, 'admin');
    const member = await makeUser(workspaceId, 'editor');
    await makeUser(workspaceId, 'editor');
    const gone = await makeUser(workspaceId, 'owner');
    await prisma().user.update({ where: { id: gone.id }, data: { disabledAt: new Date() } });
    const flow = await publishFlow(
      { db: pool(), workspaceId },
      { nodes: [{ id: 'get', type: 'http.request', connection: 'shop' }], edges: '' },
    );
    await pool().query('update flow set published_version = 1 where id = $1', [flow.id]);
    await store({ endsInSeconds: -1, ownerId: member.id });
    const told = await Promise.all(Array.from({ length: 10 }, () => away(open)));
    expect(new Set(told.map(({ message }) => message)).size).toBe(1);
    expect(told[0]).toMatchObject({ code: 'connection_reconnect' });
    expect(told[0]!.message).toMatch(/^The connection shop must be reconnected: Twin no longer accepts/);
    expect(await row()).toMatchObject({
      status: 'reconnect',
      refreshBy: null,
      refreshDueAt: null,
      fault: { code: 'invalid_grant' },
    });
    expect(await asksDuring(() => away(open))).toBe(0);
    await renewDueConnections();
    expect(asksWith(account.refreshToken)).toHaveLength(1);
    const audited = await prisma().auditEntry.findMany({ where: { workspaceId } });
    expect(audited).toMatchObject([
      {
        actor: 'system',
        action: 'connection.end',
        resource: 'connection:shop',
        detail: { code: 'invalid_grant' },
      },
    ]);
    const sent = await mails();
    expect(sent.map(({ recipient }) => recipient)).toEqual([admin.email, member.email, owner.email].sort());
    for (const { subject, body } of sent) {
      expect(subject).toBe('Patchbay: the connection shop must be reconnected');
      expect(body).toContain(`- ${flow.slug}\n`);
      expect(body).toContain('/connections');
      expect(body).not.toContain(account.refreshToken);
    }
  });

  test('of a connection that a member keeps to themselves is told to nobody else', async () => {
    await makeUser(workspaceId, 'owner');
    const member = await makeUser(workspaceId, 'editor');
    await store({ endsInSeconds: -1, ownerId: member.id, isShared: false });
    await away(open);
    expect((await mails()).map(({ recipient }) => recipient)).toEqual([member.email]);
  });

  test('is told without what the provider repeats of what it was sent', async () => {
    await store({ endsInSeconds: -1 });
    provider.intercept = () => ({
      status: 400,
      body: {
        error: 'invalid_grant',
        error_description: `${account.refreshToken} of\nthe client with ${provider.clientSecret} is over`,
      },
    });
    const { message } = await away(open);
    expect(message).toContain('[secret] of the client with [secret] is over');
    expect(JSON.stringify(await row())).not.toContain(account.refreshToken);
  });

  test('is found ahead of time, too, by whoever looks after what is due', async () => {
    await store({ endsInSeconds: 3_600, dueInSeconds: -1 });
    await renewDueConnections();
    expect(await row()).toMatchObject({ status: 'reconnect' });
  });
});

test('a renewal is given to one of many that want it at the same moment', async () => {
  const id = await store({ endsInSeconds: -1 });
  const take = () => takeRenewal(pool(), { id, version: 1, leaseId: randomUUID() }, false);
  const taken = await Promise.all(Array.from({ length: 20 }, take));
  expect(taken.filter(Boolean)).toHaveLength(1);
  expect(await takeRenewal(pool(), { id, version: 2, leaseId: randomUUID() }, false)).toBe(false);
  await change(`refresh_until = now(), token_version = 2`);
  expect(await take()).toBe(false);
  await prisma().connection.delete({ where: { id } });
});

describe('a renewal whose process died', () => {
  /** As if a process had asked the provider and died before it saved the answer, and its lease were over. */
  async function breakOff(): Promise<void> {
    const reply = await fetch(`${provider.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: account.refreshToken,
        client_id: provider.clientId,
        client_secret: provider.clientSecret,
      }),
    });
    expect(reply.status).toBe(200);
    await change(`refresh_by = gen_random_uuid(), refresh_until = now() + interval '20 seconds'`);
  }
  const endLease = () => change('refresh_until = now()');

  test('is tried once more when its lease is over, though the token has long to live; that ends the connection', async () => {
    await store({ endsInSeconds: 3_600, dueInSeconds: 1_800 });
    await breakOff();
    expect(await asksDuring(renewDueConnections)).toBe(0);
    await endLease();
    const revoked = provider.revokedGrants;
    await renewDueConnections();
    expect(provider.revokedGrants).toBe(revoked + 1);
    expect(await row()).toMatchObject({ status: 'reconnect' });
    expect((await row()).fault).toMatchObject({ message: expect.stringContaining('broke off') as string });
    await renewDueConnections();
    await away(open);
    expect(asksWith(account.refreshToken)).toHaveLength(2);
  });

  test('keeps others waiting as long as its lease runs, and no longer', async () => {
    await store({ endsInSeconds: -1 });
    await breakOff();
    let isOver = false;
    const opening = away(open).finally(() => (isOver = true));
    expect(await asksDuring(renewDueConnections)).toBe(0);
    expect(isOver).toBe(false);
    await endLease();
    expect(await opening).toMatchObject({ code: 'connection_reconnect' });
    expect(asksWith(account.refreshToken)).toHaveLength(2);
  });

  test('costs nothing where the provider was not asked, or takes the token again', async () => {
    await store({ endsInSeconds: -1 });
    await change(`refresh_by = gen_random_uuid(), refresh_until = now() - interval '1 second'`);
    expect((await open())?.fields['accessToken']).not.toBe(account.accessToken);
    expect(await row()).toMatchObject({ status: 'ok', tokenVersion: 2 });
  });

  test('that comes back late saves nothing once the connection was marked', async () => {
    await store({ endsInSeconds: -1 });
    const answered = Promise.withResolvers<undefined>();
    let asked = 0;
    provider.intercept = async () => {
      asked += 1;
      if (asked > 1) return { status: 400, body: { error: 'invalid_grant' } };
      await answered.promise;
      return { status: 200, body: { access_token: 'late', refresh_token: 'late too', expires_in: 60 } };
    };
    const late = away(open);
    await expect.poll(() => asked, { timeout: 60_000 }).toBe(1);
    await endLease();
    await renewDueConnections();
    expect(await row()).toMatchObject({ status: 'reconnect' });
    answered.resolve(undefined);
    expect(await late).toMatchObject({ code: 'connection_reconnect' });
    expect(await row()).toMatchObject({ status: 'reconnect', refreshFails: 0 });
  });
});

describe('an OAuth app that is refused', () => {
  test('keeps the connection; it is asked again less and less often, and at once when somebody mends it', async () => {
    const owner = await makeUser(workspaceId, 'owner');
    const id = await store({ endsInSeconds: -1, clientSecret: 'a wrong secret' });
    expect(await away(open)).toMatchObject({
      code: 'connection_unrenewed',
      message: expect.stringContaining('Twin refuses the OAuth app') as string,
    });
    expect(await row()).toMatchObject({ status: 'ok', refreshFails: 1, fault: { code: 'invalid_client' } });
    expect((await row()).refreshDueAt!.getTime()).toBeGreaterThan(Date.now() + 14_000);
    expect(await asksDuring(renewDueConnections)).toBe(0);
    await change('refresh_due_at = now()');
    expect(await asksDuring(renewDueConnections)).toBe(1);
    expect(await mails()).toMatchObject([
      { recipient: owner.email, subject: 'Patchbay: the connection shop cannot be renewed' },
    ]);
    const { url: issuer, clientId, clientSecret } = provider;
    const mended = { issuer, api: issuer, clientId, clientSecret, ...account };
    await inClientTransaction((client) => putFields({ client, workspaceId }, id, mended));
    expect(await asksDuring(() => away(open))).toBe(0);
    await change('updated_at = now()');
    expect((await open())?.fields['accessToken']).not.toBe(account.accessToken);
    expect(await row()).toMatchObject({ status: 'ok', refreshFails: 0, fault: null });
  });

  test('is another than the one that the tokens belong to: they are not shown by it', async () => {
    await store({ endsInSeconds: -1 });
    await change(`client_id = 'an earlier one'`);
    expect(await asksDuring(() => away(open))).toBe(0);
    expect(await row()).toMatchObject({ status: 'ok', fault: { code: 'client_changed' } });
  });
});

describe('a token without anything to renew it with', () => {
  const forever = () => ({ account: { accessToken: account.accessToken } });

  test('is used to its end, and that is the end of the connection', async () => {
    await store({ ...forever(), endsInSeconds: 5, dueInSeconds: -1 });
    await renewDueConnections();
    expect((await open())?.fields['accessToken']).toBe(account.accessToken);
    expect((await row()).refreshDueAt).toEqual((await row()).expiresAt);
    await change('expires_at = now(), refresh_due_at = now()');
    await renewDueConnections();
    expect(await row()).toMatchObject({ status: 'reconnect', fault: { code: 'token_ended' } });
    expect(await away(open)).toMatchObject({ code: 'connection_reconnect' });
  });

  test('is believed to be good when one call is refused and the account call is not', async () => {
    await store(forever());
    expect(await renewConnection(workspaceId, 'shop', 1)).toBe(false);
    expect(await row()).toMatchObject({ status: 'ok', expiresAt: null });
  });

  test('ends the connection when the account call is refused, too', async () => {
    await store(forever());
    await provider.expire(account.accessToken);
    expect(await away(() => renewConnection(workspaceId, 'shop', 1))).toMatchObject({
      code: 'connection_reconnect',
    });
    expect(await row()).toMatchObject({ status: 'reconnect', fault: { code: 'token_refused' } });
  });
});

describe('a token that a call was refused with', () => {
  test('is renewed though its time is not up, once for all that were refused', async () => {
    await store({ endsInSeconds: 3_600 });
    const renewed = await Promise.all(
      Array.from({ length: 30 }, () => renewConnection(workspaceId, 'shop', 1)),
    );
    expect(new Set(renewed)).toEqual(new Set([true]));
    expect(asksWith(account.refreshToken)).toHaveLength(1);
    expect((await open())?.token?.version).toBe(2);
  });

  test('is not renewed when the connection has another one by now', async () => {
    await store({ endsInSeconds: 3_600 });
    await change('token_version = 2');
    expect(await asksDuring(() => renewConnection(workspaceId, 'shop', 1))).toBe(0);
    expect(await row()).toMatchObject({ tokenVersion: 2 });
  });

  test('is used by nobody any more, though no other is to be had just now', async () => {
    await store({ endsInSeconds: 3_600 });
    provider.intercept = () => ({ status: 503 });
    expect(await away(() => renewConnection(workspaceId, 'shop', 1))).toMatchObject({
      code: 'connection_unrenewed',
    });
    expect(await away(open)).toMatchObject({ code: 'connection_unrenewed' });
  });
});
