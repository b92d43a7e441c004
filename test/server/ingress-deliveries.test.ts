import { randomUUID } from 'node:crypto';

import { beforeAll, describe, expect, test } from 'vitest';

import { prisma } from '#server/db/prisma.ts';
import { sealSecret } from '#server/subscriptions/seal-secret.ts';
import { callApi } from '#test/support/call-api.ts';
import { deliver, type DeliveryReply } from '#test/support/hook-fixture.ts';
import { makeApiKey } from '#test/support/people.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { appFlow } from '#test/support/trigger-flows.ts';
import { storeAccount } from '#test/support/triggers/store-account.ts';
import { signedDelivery } from '#test/support/triggers/webhook-provider.ts';
import { useHooks } from '#test/support/use-hooks.ts';
import { waitFor } from '#test/support/wait-for.ts';

const hooks = useHooks();
let key = '';

beforeAll(async () => {
  key = await makeApiKey(hooks.workspaceId, 'owner');
  await storeAccount(hooks.workspaceId, { slug: 'crm' });
});

const SECRET = 'whsec_of_the_provider';
const api = (call: string, body?: unknown) => callApi(call, { key, body });

async function publish(slug: string, document: object): Promise<void> {
  await api(`PUT /flows/${slug}`, document);
  const { status, body } = await api(`POST /flows/${slug}/publish`);
  expect(status, JSON.stringify(body)).toBe(200);
}

interface Published {
  readonly slug: string;
  readonly path: string;
  readonly subscriptionId: string;
}

/** A published flow whose subscription is registered: its provider signs with the secret. */
async function registered(slug: string, type = 'acme.contact_created', secret = SECRET): Promise<Published> {
  await publish(slug, appFlow(slug, { type, connection: 'crm' }));
  const row = await prisma().subscription.findFirstOrThrow({ where: { flow: { slug }, isWanted: true } });
  const sealed = sealSecret({ workspaceId: hooks.workspaceId, recordId: row.id }, secret);
  await prisma().subscription.update({
    where: { id: row.id },
    data: { remoteId: `whk_${slug}`, askedAt: new Date(), ...sealed },
  });
  const { pathname, search } = new URL(row.callbackUrl);
  return { slug, path: pathname + search, subscriptionId: row.id };
}

function send(
  { path }: Pick<Published, 'path'>,
  event: { readonly id: string; readonly type?: string },
  options: {
    readonly secret?: string;
    readonly headers?: Record<string, string>;
    readonly unixSeconds?: number;
  } = {},
): Promise<DeliveryReply> {
  const { secret = SECRET, unixSeconds } = options;
  const { id, type = 'contact.created' } = event;
  const { headers, body } = signedDelivery({ id, type }, { secret, unixSeconds });
  return deliver(hooks.server, path, { headers: { ...headers, ...options.headers }, body });
}

const eventsOf = (slug: string) =>
  prisma().event.findMany({ where: { flow: { slug } }, orderBy: { id: 'asc' } });
const runsOf = (slug: string) => prisma().run.findMany({ where: { flowSlug: slug } });

describe('a delivery to a connector’s trigger', () => {
  test('is stored with its run before it is answered, byte for byte', async () => {
    const flow = await registered('stored');
    const reply = await send(flow, { id: 'evt_1' });
    const [event] = await eventsOf('stored');
    const [run] = await runsOf('stored');
    expect(reply).toMatchObject({ status: 202, json: { eventId: event!.id, runId: run!.id } });
    expect(event).toMatchObject({ dedupeKey: 'evt_1', verified: 'acme', kind: 'webhook' });
    expect(Buffer.from(event!.body).toString()).toBe(
      signedDelivery({ id: 'evt_1', type: 'contact.created' }, { secret: SECRET }).body,
    );
  });

  test('that comes again gets the first ids, and starts nothing', async () => {
    const flow = await registered('again');
    const first = await send(flow, { id: 'evt_2' });
    const second = await send(flow, { id: 'evt_2' });
    expect(second).toMatchObject({ status: 202, json: { ...first.json, duplicate: true } });
    expect(await runsOf('again')).toHaveLength(1);
  });

  test('is captured for whoever waits for it', async () => {
    const flow = await registered('captured');
    const { body: begun } = await api('POST /flows/captured/captures', {});
    await send(flow, { id: 'evt_c' });
    const [run] = await runsOf('captured');
    const capture = await waitFor('the event', async () => {
      const { body } = await api(`GET /flows/captured/captures/${begun.id}`);
      return body.status === 'captured' ? (body as unknown) : undefined;
    });
    expect(capture).toMatchObject({ event: { body: { id: 'evt_c' } }, runId: run!.id });
  });

  test('cannot be waited for before it is published: nobody sends it yet', async () => {
    await api('PUT /flows/unknown', appFlow('unknown', { type: 'acme.contact_created', connection: 'crm' }));
    expect((await api('POST /flows/unknown/captures', {})).status).toBe(409);
  });

  test('of an event that the trigger does not take is answered, and nothing is stored', async () => {
    const flow = await registered('other-event');
    expect(await send(flow, { id: 'evt_3', type: 'deal.created' })).toMatchObject({
      status: 202,
      json: { events: [] },
    });
    expect(await eventsOf('other-event')).toEqual([]);
  });

  test('is refused unless it is signed by its own secret, now', async () => {
    const flow = await registered('refused');
    const now = Math.floor(Date.now() / 1_000);
    const refused = [
      await send(flow, { id: 'evt_4' }, { secret: 'another secret' }),
      await send(flow, { id: 'evt_4' }, { headers: { 'acme-signature': '' } }),
      await send(flow, { id: 'evt_4' }, { unixSeconds: now - 302 }),
      await send(flow, { id: 'evt_4' }, { unixSeconds: now + 302 }),
      await deliver(hooks.server, flow.path, { body: '{}' }),
    ];
    expect(refused.map(({ status, text }) => [status, text])).toEqual(refused.map(() => [401, '']));
    expect(await eventsOf('refused')).toEqual([]);
  });

  test('is refused with the secret of another flow', async () => {
    const flow = await registered('mine', 'acme.contact_created', 'my secret');
    await registered('theirs', 'acme.contact_created', 'their secret');
    expect((await send(flow, { id: 'evt_5' }, { secret: 'their secret' })).status).toBe(401);
    expect((await send(flow, { id: 'evt_5' }, { secret: 'my secret' })).status).toBe(202);
  });

  test('is refused while no secret is there', async () => {
    const flow = await registered('bare');
    await prisma().subscription.update({ where: { id: flow.subscriptionId }, data: { secret: null } });
    expect((await send(flow, { id: 'evt_6' }, { secret: '' })).status).toBe(401);
    expect((await send(flow, { id: 'evt_6' })).status).toBe(401);
  });

  test('counts by a secret from the moment that it is there', async () => {
    const flow = await registered('fresh', 'acme.contact_created', 'old secret');
    expect((await send(flow, { id: 'evt_7' }, { secret: 'old secret' })).status).toBe(202);
    const place = { workspaceId: hooks.workspaceId, recordId: flow.subscriptionId };
    await prisma().subscription.update({
      where: { id: flow.subscriptionId },
      data: sealSecret(place, 'new secret'),
    });
    expect((await send(flow, { id: 'evt_8' }, { secret: 'new secret' })).status).toBe(202);
  });

  test('of the subscription before counts as long as that is there', async () => {
    const before = await registered('changing');
    const row = await prisma().subscription.findUniqueOrThrow({ where: { id: before.subscriptionId } });
    const secondId = randomUUID();
    // As after a change of settings: both are there until the new one is registered.
    await prisma().subscription.create({
      data: {
        ...row,
        settings: {},
        fault: undefined,
        id: secondId,
        callbackUrl: `${row.callbackUrl.split('?')[0]}?subscription=${secondId}`,
        remoteId: 'whk_next',
        ...sealSecret({ workspaceId: hooks.workspaceId, recordId: secondId }, 'next secret'),
      },
    });
    expect((await send(before, { id: 'evt_9' })).json).toMatchObject({
      eventId: expect.any(String) as string,
    });
    const again = await send(before, { id: 'evt_9' }, { secret: 'next secret' });
    expect(again.json).toMatchObject({ duplicate: true });
    expect(await runsOf('changing')).toHaveLength(1);
  });

  test('is answered 410 once the flow is off the air, or begins in another way', async () => {
    const flow = await registered('off');
    await api('POST /flows/off/unpublish');
    expect((await send(flow, { id: 'evt_10' })).status).toBe(410);
    const other = await registered('otherwise');
    await publish('otherwise', manualFlow('otherwise'));
    expect((await send(other, { id: 'evt_11' })).status).toBe(410);
  });

  test('answers no question that its connector does not know', async () => {
    const flow = await registered('no-handshake');
    const asked = await deliver(hooks.server, `${flow.path}&validationToken=abc`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'url_verification', challenge: 'abc', verification_token: 'abc' }),
    });
    expect(asked).toMatchObject({ status: 401, text: '' });
  });

  test('stands in line, and is about what the flow says', async () => {
    const document = appFlow('line', { type: 'acme.contact_created', connection: 'crm' });
    const concurrency = { key: { $expr: 'trigger.body.data.id' }, limit: 2 };
    const businessKey = { name: 'contact', value: { $expr: 'trigger.body.data.id' } };
    await publish('line', { ...document, settings: { concurrency, businessKey } });
    const flow = await registeredAgain('line');
    await send(flow, { id: 'evt_12' });
    expect(await runsOf('line')).toMatchObject([
      {
        concurrencyKey: '=con_1',
        concurrencyLimit: 2,
        businessKey: { name: 'contact', value: 'con_1', fault: null },
      },
    ]);
  });
});

/** Gives a flow's subscription the secret of the tests. */
async function registeredAgain(slug: string): Promise<Published> {
  const row = await prisma().subscription.findFirstOrThrow({ where: { flow: { slug } } });
  const place = { workspaceId: hooks.workspaceId, recordId: row.id };
  await prisma().subscription.update({ where: { id: row.id }, data: sealSecret(place, SECRET) });
  const { pathname, search } = new URL(row.callbackUrl);
  return { slug, path: pathname + search, subscriptionId: row.id };
}
