import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { FlowSummary } from '#core/api/flows.ts';
import type { Subscription } from '#prisma/generated/client.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { egressClient, type EgressClient } from '#server/egress/egress-client.ts';
import { hurryChecks, releaseSubscriptions, takeDueSubscriptions } from '#server/sql/subscription-rows.ts';
import { moveAddresses } from '#server/subscriptions/move-addresses.ts';
import { tendSubscription, type TendingServices } from '#worker/subscriptions/tend-subscription.ts';
import { callServices } from '#test/support/call-services.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { appFlow } from '#test/support/trigger-flows.ts';
import { storeAccount } from '#test/support/triggers/store-account.ts';
import { useWebhookProvider } from '#test/support/triggers/webhook-provider.ts';
import { useApi } from '#test/support/use-api.ts';

const provider = useWebhookProvider();
const api = useApi();
let http: EgressClient;
let services: TendingServices;

beforeAll(async () => {
  http = egressClient({ allow: '127.0.0.0/8' });
  services = { pool: pool(), ...callServices(http), stopping: new AbortController().signal };
  await storeAccount(api.workspaceId, { slug: 'crm' });
});
afterAll(() => http.close());
beforeEach(async () => {
  provider.reset();
  await prisma().subscription.deleteMany();
});

const CREATED = 'acme.contact_created';
const UPDATED = 'acme.contact_updated';

async function publish(slug: string, type = CREATED, connection = 'crm'): Promise<void> {
  await put(slug, appFlow(slug, { type, connection }));
}

async function put(slug: string, document: object): Promise<void> {
  await api.call(`PUT /flows/${slug}`, document);
  const { status, body } = await api.call(`POST /flows/${slug}/publish`);
  expect(status, JSON.stringify(body)).toBe(200);
}

const unpublish = (slug: string) => api.call(`POST /flows/${slug}/unpublish`);

async function stateOf(slug: string): Promise<FlowSummary['subscription']> {
  return ((await api.call(`GET /flows/${slug}/summary`)).body as FlowSummary).subscription;
}

/** The rows of all subscriptions, oldest first. */
const rows = (): Promise<Subscription[]> => prisma().subscription.findMany({ orderBy: { createdAt: 'asc' } });

/** Does what is due, as workers do, until nothing is. Each round is one look. */
async function settle(): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    await releaseSubscriptions(pool());
    const due = await takeDueSubscriptions(pool(), { leasedBy: randomUUID(), seconds: 60, limit: 8 });
    if (due.length === 0) return;
    for (const row of due) await tendSubscription(row, services);
  }
}

/** As if so much time had passed for all subscriptions. */
async function pass(seconds: number): Promise<void> {
  const moved = [
    'due_at',
    'renew_at',
    'expires_at',
    'checked_at',
    'leased_until',
    'asked_at',
    'registered_at',
  ];
  const earlier = moved.map((column) => `${column} = ${column} - $1 * interval '1 second'`).join(', ');
  await pool().query(`UPDATE subscription SET ${earlier}`, [seconds]);
}

const urls = () => [...provider.webhooks.values()].map(({ url }) => url);
const eventsAsked = () => [...provider.webhooks.values()].map(({ events }) => events.join());

describe('publishing', () => {
  test('registers the trigger at its provider, with the address of the flow', async () => {
    await publish('first');
    expect(await stateOf('first')).toMatchObject({
      status: 'registering',
      app: 'Acme',
      connection: 'crm',
      registeredAt: null,
    });
    await settle();
    const [webhook] = provider.webhooks.values();
    const hook = await prisma().hook.findFirstOrThrow({ where: { flow: { slug: 'first' } } });
    const [row] = await rows();
    expect(webhook).toMatchObject({
      events: ['contact.created'],
      url: `http://127.0.0.1:3000/hooks/${hook.token}?subscription=${row!.id}`,
    });
    expect(await stateOf('first')).toMatchObject({
      status: 'active',
      fault: null,
      expiresAt: webhook!.expiresAt,
      registeredAt: row!.registeredAt!.toISOString(),
    });
  });

  test('keeps the secret sealed, and shows none', async () => {
    await publish('sealed');
    await settle();
    const [webhook] = provider.webhooks.values();
    const [row] = await rows();
    expect(Buffer.from(row!.secret!).includes(webhook!.secret)).toBe(false);
    expect(JSON.stringify(await api.call('GET /flows'))).not.toContain(webhook!.secret);
  });

  test('again is the same subscription, and asks for nothing', async () => {
    await publish('again');
    await settle();
    const before = await rows();
    await put('again', {
      ...appFlow('again', { type: CREATED, connection: 'crm' }),
      description: 'Other words',
    });
    await settle();
    expect(await rows()).toEqual(before);
    expect(provider.calls.map(({ what }) => what)).toEqual(['POST /webhooks']);
  });

  test('with another trigger registers the new one before it removes the old one', async () => {
    await publish('changed');
    await settle();
    await publish('changed', UPDATED);
    expect(await stateOf('changed')).toMatchObject({ status: 'registering' });
    await settle();
    expect(eventsAsked()).toEqual(['contact.updated']);
    expect(await rows()).toMatchObject([{ trigger: `${UPDATED}@1`, isWanted: true }]);
    expect(provider.calls.map(({ what }) => what)).toEqual([
      'POST /webhooks',
      'POST /webhooks',
      'DELETE /webhooks/{id}',
    ]);
  });

  test('keeps the old one as long as the new one cannot be registered', async () => {
    provider.lifeSeconds = 100_000;
    await publish('held');
    await settle();
    await publish('held', UPDATED);
    provider.instead = (what) => (what === 'POST /webhooks' ? { status: 403 } : undefined);
    await settle();
    expect(eventsAsked()).toEqual(['contact.created']);
    expect(await stateOf('held')).toMatchObject({ status: 'failed', fault: { kind: 'invalid' } });
    provider.instead = () => undefined;
    await pass(3_700);
    await settle();
    expect(eventsAsked()).toEqual(['contact.updated']);
  });

  test('with another connection is another subscription', async () => {
    await storeAccount(api.workspaceId, { slug: 'other-crm' });
    await publish('moved');
    await settle();
    await publish('moved', CREATED, 'other-crm');
    await settle();
    expect(await rows()).toMatchObject([{ connection: 'other-crm', isWanted: true }]);
    expect(urls()).toEqual([(await rows())[0]!.callbackUrl]);
  });

  test('going back to an earlier version goes back to its subscription', async () => {
    await publish('back');
    await settle();
    await publish('back', UPDATED);
    await settle();
    expect((await api.call('POST /flows/back/rollback', { version: 1 })).status).toBe(200);
    await settle();
    expect(eventsAsked()).toEqual(['contact.created']);
  });

  test('a change that is taken back at once asks for nothing', async () => {
    await publish('hasty');
    await settle();
    await publish('hasty', UPDATED);
    await publish('hasty');
    await settle();
    expect(provider.countOf('POST /webhooks')).toBe(1);
    expect(provider.countOf('DELETE /webhooks/{id}')).toBe(0);
    expect(await rows()).toMatchObject([{ trigger: `${CREATED}@1`, isWanted: true }]);
  });

  test('at another address has it registered there, and then taken back at the old one', async () => {
    await publish('elsewhere');
    await settle();
    const [before] = await rows();
    await moveAddresses();
    expect(await rows()).toHaveLength(1);
    const old = before!.callbackUrl.replace('127.0.0.1:3000', 'old.example.com');
    await prisma().subscription.updateMany({ data: { callbackUrl: old } });
    await moveAddresses();
    await settle();
    const [after] = await rows();
    expect(urls()).toEqual([after!.callbackUrl]);
    expect(after).toMatchObject({ trigger: `${CREATED}@1`, isWanted: true });
    expect(after!.callbackUrl).toContain('http://127.0.0.1:3000/hooks/');
    expect(after!.id).not.toBe(before!.id);
    expect(provider.calls.map(({ what }) => what)).toEqual([
      'POST /webhooks',
      'POST /webhooks',
      'DELETE /webhooks/{id}',
    ]);
  });

  test('needs a connection', async () => {
    const document = appFlow('without', { type: CREATED, connection: 'crm' });
    const { connection: _, ...node } = document.nodes[0]!;
    await api.call('PUT /flows/without', { ...document, nodes: [node] });
    const { status, body } = await api.call('POST /flows/without/publish');
    expect(status).toBe(422);
    expect((body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual([
      '/nodes/0/connection',
    ]);
  });
});

describe('taking a flow off the air', () => {
  test('takes its subscription back', async () => {
    await publish('off');
    await settle();
    await unpublish('off');
    expect(await stateOf('off')).toMatchObject({ status: 'removing' });
    await settle();
    expect(urls()).toEqual([]);
    expect(await rows()).toEqual([]);
    expect(await stateOf('off')).toBeNull();
  });

  test('forgets one that nobody was asked for', async () => {
    await publish('unasked');
    await unpublish('unasked');
    expect(await rows()).toEqual([]);
    await settle();
    expect(provider.calls).toEqual([]);
  });

  test('so does deleting it, and publishing it with a trigger of another kind', async () => {
    await publish('deleted');
    await publish('other-kind');
    await settle();
    expect(urls()).toHaveLength(2);
    expect((await api.call('DELETE /flows/deleted')).status).toBe(204);
    await put('other-kind', manualFlow('other-kind'));
    await settle();
    expect(urls()).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  test('is done when the provider has forgotten it by itself', async () => {
    await publish('forgotten');
    await settle();
    provider.webhooks.clear();
    await unpublish('forgotten');
    await settle();
    expect(await rows()).toEqual([]);
  });

  test('and putting it on again before it was taken back keeps it', async () => {
    await publish('on-again');
    await settle();
    const [before] = await rows();
    await unpublish('on-again');
    await publish('on-again');
    await settle();
    expect((await rows()).map(({ id }) => id)).toEqual([before!.id]);
    expect(provider.countOf('POST /webhooks')).toBe(1);
    expect(await stateOf('on-again')).toMatchObject({ status: 'active' });
  });

  test('on the air again while it is being taken back, it is registered anew', async () => {
    await publish('crossed');
    await settle();
    await unpublish('crossed');
    const [row] = await takeDueSubscriptions(pool(), { leasedBy: randomUUID(), seconds: 60, limit: 8 });
    await publish('crossed');
    await tendSubscription(row!, services);
    expect(urls()).toEqual([]);
    await settle();
    expect(urls()).toEqual([(await rows())[0]!.callbackUrl]);
    expect(await stateOf('crossed')).toMatchObject({ status: 'active' });
  });

  test('while it is being registered takes it back as well', async () => {
    await publish('early');
    provider.onCreated = async () => void (await unpublish('early'));
    await settle();
    expect(provider.countOf('POST /webhooks')).toBe(1);
    expect(urls()).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  test('while somebody is about to ask again keeps them from asking', async () => {
    await publish('stopped');
    provider.instead = () => ({ status: 500 });
    await settle();
    provider.instead = () => undefined;
    await pass(900);
    const [row] = await takeDueSubscriptions(pool(), { leasedBy: randomUUID(), seconds: 60, limit: 8 });
    await unpublish('stopped');
    await tendSubscription(row!, services);
    expect(provider.countOf('POST /webhooks')).toBe(1);
    await settle();
    expect(await rows()).toEqual([]);
  });

  test('gives up where the connection is gone, and says so in the audit trail', async () => {
    const id = await storeAccount(api.workspaceId, { slug: 'leaving' });
    await publish('left', CREATED, 'leaving');
    await settle();
    await unpublish('left');
    await prisma().connection.delete({ where: { id } });
    await settle();
    expect(await rows()).toEqual([]);
    const entry = await prisma().auditEntry.findFirst({ where: { action: 'subscription.abandon' } });
    expect(entry).toMatchObject({
      actor: 'system',
      detail: { connection: 'leaving', trigger: `${CREATED}@1` },
    });
  });
});

describe('a subscription that ends', () => {
  test('is renewed a fifth of its life ahead of that, not before', async () => {
    provider.lifeSeconds = 1_000;
    await publish('renewed');
    await settle();
    const [row] = await rows();
    const aheadMs = row!.expiresAt!.getTime() - row!.renewAt!.getTime();
    expect(aheadMs).toBeGreaterThanOrEqual(199_000);
    expect(aheadMs).toBeLessThanOrEqual(251_000);
    await pass(740);
    await settle();
    expect(provider.countOf('POST /webhooks/{id}/renew')).toBe(0);
    await pass(70);
    await settle();
    expect(provider.countOf('POST /webhooks/{id}/renew')).toBe(1);
    const [webhook] = provider.webhooks.values();
    expect(await stateOf('renewed')).toMatchObject({ status: 'active', expiresAt: webhook!.expiresAt });
  });

  test('stays active while a renewal fails, and says why', async () => {
    provider.lifeSeconds = 1_000;
    await publish('troubled');
    await settle();
    await pass(820);
    provider.instead = () => ({ status: 503 });
    await settle();
    expect(await stateOf('troubled')).toMatchObject({ status: 'active', fault: { kind: 'transient' } });
    await pass(200);
    expect(await stateOf('troubled')).toMatchObject({ status: 'failed' });
  });

  test('that the provider no longer knows is registered anew when it is to be renewed', async () => {
    provider.lifeSeconds = 1_000;
    await publish('lost');
    await settle();
    provider.webhooks.clear();
    await pass(820);
    await settle();
    expect(urls()).toEqual([(await rows())[0]!.callbackUrl]);
  });
});

describe('holding subscriptions against what the provider has', () => {
  test('registers anew what the provider has forgotten, within the hour', async () => {
    provider.lifeSeconds = 100_000;
    await publish('checked');
    await settle();
    provider.webhooks.clear();
    await pass(3_100);
    await settle();
    expect(urls()).toEqual([]);
    await pass(1_000);
    await settle();
    expect(urls()).toEqual([(await rows())[0]!.callbackUrl]);
    expect(await stateOf('checked')).toMatchObject({ status: 'active' });
  });

  test('does so soon after a worker starts', async () => {
    await publish('started');
    await settle();
    provider.webhooks.clear();
    await pass(120);
    await hurryChecks(pool());
    await pass(6);
    await settle();
    expect(urls()).toHaveLength(1);
  });

  test('removes what sends to the flow and is known to nobody here, and leaves the rest alone', async () => {
    await publish('tidy');
    await publish('neighbour');
    await settle();
    const [row] = await rows();
    const hook = row!.callbackUrl.split('?')[0]!;
    expect(row!.expiresAt!.getTime() - Date.now()).toBeLessThan(3_700_000);
    const add = (id: string, url: string) =>
      provider.webhooks.set(id, { id, url, events: [], secret: '', expiresAt: new Date().toISOString() });
    add('twin', row!.callbackUrl);
    add('orphan', `${hook}?subscription=${randomUUID()}`);
    add('by-hand', `${hook}?source=by-hand`);
    add('elsewhere', 'https://elsewhere.example.com/hooks/abc');
    await pass(4_000);
    await settle();
    expect([...provider.webhooks.keys()].filter((id) => !id.startsWith('whk_')).sort()).toEqual([
      'by-hand',
      'elsewhere',
    ]);
    expect(urls()).toEqual(expect.arrayContaining((await rows()).map(({ callbackUrl }) => callbackUrl)));
  });
});

describe('a provider in trouble', () => {
  test('is asked again, with growing pauses, until it agrees', async () => {
    await publish('patient');
    provider.instead = () => ({ status: 500 });
    const pauses: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      await settle();
      const [row] = await rows();
      pauses.push(row!.dueAt!.getTime() - Date.now());
      await pass(901);
    }
    expect(pauses[0]).toBeLessThanOrEqual(2_000);
    expect(pauses[3]).toBeGreaterThan(7_000);
    expect(await stateOf('patient')).toMatchObject({ status: 'failed', fault: { kind: 'transient' } });
    provider.instead = () => undefined;
    await settle();
    expect(await stateOf('patient')).toMatchObject({ status: 'active', fault: null });
    expect(urls()).toHaveLength(1);
  });

  test('is given the time that it asks for', async () => {
    await publish('throttled');
    provider.instead = () => ({ status: 429, headers: { 'retry-after': '600' } });
    await settle();
    await pass(590);
    await settle();
    expect(provider.calls).toHaveLength(1);
    await pass(11);
    await settle();
    expect(provider.calls.length).toBeGreaterThan(1);
  });

  test('a fault never holds what the connection is opened with', async () => {
    await storeAccount(api.workspaceId, { slug: 'wrong', fields: { accessToken: 'a-token-that-is-wrong' } });
    await publish('echo', CREATED, 'wrong');
    provider.instead = () => ({
      status: 422,
      body: { error: { message: 'a-token-that-is-wrong is wrong' } },
    });
    await settle();
    const [row] = await rows();
    expect(JSON.stringify(row!.fault)).toContain('[secret] is wrong');
    expect(JSON.stringify(row!.fault)).not.toContain('a-token-that-is-wrong');
  });

  test('what it kept of a try that was never answered is removed before the next one', async () => {
    await publish('twice');
    provider.onCreated = () => new Promise(() => undefined);
    const [row] = await takeDueSubscriptions(pool(), { leasedBy: randomUUID(), seconds: 60, limit: 1 });
    await tendSubscription(row!, { ...services, http: (request) => http({ ...request, timeoutMs: 500 }) });
    expect(urls()).toHaveLength(1);
    expect(await stateOf('twice')).toMatchObject({ status: 'failed' });
    provider.onCreated = () => undefined;
    await pass(900);
    await settle();
    expect(urls()).toEqual([(await rows())[0]!.callbackUrl]);
    expect((await rows())[0]!.remoteId).toBe([...provider.webhooks.keys()][0]);
  });
});

describe('a connection that cannot be used', () => {
  test.each(['pending', 'reconnect'] as const)(
    '%s: the subscription waits, and goes on after',
    async (status) => {
      const slug = `away-${status}`;
      const id = await storeAccount(api.workspaceId, { slug, status });
      await publish(slug, CREATED, slug);
      await settle();
      expect(provider.calls).toEqual([]);
      expect(await stateOf(slug)).toMatchObject({
        status: 'waiting',
        fault: { code: `connection_${status}`, kind: 'auth' },
      });
      await pool().query(`UPDATE connection SET status = 'ok' WHERE id = $1`, [id]);
      await settle();
      expect(await stateOf(slug)).toMatchObject({ status: 'active' });
    },
  );
});
