import { createHmac } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { AppHook } from '#core/api/app-hooks.ts';
import type { JsonObject } from '#core/json.ts';
import { prisma } from '#server/db/prisma.ts';
import { callApi } from '#test/support/call-api.ts';
import { deliver, type DeliveryReply } from '#test/support/hook-fixture.ts';
import { makeApiKey, makeWorkspace } from '#test/support/people.ts';
import { appFlow } from '#test/support/trigger-flows.ts';
import { storeAccount } from '#test/support/triggers/store-account.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';
import { useHooks } from '#test/support/use-hooks.ts';
import { waitFor } from '#test/support/wait-for.ts';

const SECRET = 'the signing secret of the app';
const hooks = useHooks();
let key = '';
let path = '';

const api = (call: string, body?: unknown, as = key) => callApi(call, { key: as, body });

beforeAll(async () => {
  key = await makeApiKey(hooks.workspaceId, 'owner');
  path = await setUp(key, { secret: SECRET });
  await storeAccount(hooks.workspaceId, { slug: 'ours', connector: 'slack', accountId: 'T_OURS' });
  await storeAccount(hooks.workspaceId, { slug: 'theirs', connector: 'slack', accountId: 'T_THEIRS' });
});
afterAll(async () => {
  await prisma().appHook.deleteMany();
});

/** Sets up the events of Slack's app. Resolves to the path of their address. */
async function setUp(as: string, body: object): Promise<string> {
  const reply = await api('PUT /app-hooks/slack', body, as);
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return new URL((reply.body as AppHook).url ?? '').pathname;
}

async function publish(slug: string, type: string, config: JsonObject = {}, connection = 'ours', as = key) {
  await api(`PUT /flows/${slug}`, appFlow(slug, { type, connection, config }), as);
  const { status, body } = await api(`POST /flows/${slug}/publish`, undefined, as);
  expect(status, JSON.stringify(body)).toBe(200);
}

interface Sent {
  readonly secret?: string;
  readonly team?: string;
  readonly id?: string;
  readonly to?: string;
}

const MESSAGE = { type: 'message', channel: 'C0123456789', user: 'U1', text: 'hello', ts: '1.2' };

function send(
  event: JsonObject,
  { id = 'Ev1', team = 'T_OURS', ...rest }: Sent = {},
): Promise<DeliveryReply> {
  const authorizations = [{ team_id: team, user_id: 'U_APP', is_bot: true }];
  return post({ type: 'event_callback', team_id: team, event_id: id, event, authorizations }, rest);
}

function post(body: JsonObject, { secret = SECRET, to = path }: Sent = {}): Promise<DeliveryReply> {
  const text = JSON.stringify(body);
  const time = String(Math.floor(Date.now() / 1_000));
  const digest = createHmac('sha256', secret).update(`v0:${time}:${text}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': time,
    'x-slack-signature': `v0=${digest}`,
  };
  return deliver(hooks.server, to, { headers, body: text });
}

const runsOf = (slug: string) =>
  prisma().run.findMany({ where: { flowSlug: slug }, include: { event: true }, orderBy: { id: 'asc' } });

async function bodiesOf(slug: string): Promise<unknown[]> {
  return (await runsOf(slug)).map(({ event }) => JSON.parse(Buffer.from(event!.body).toString()) as unknown);
}

describe('an event of an app', () => {
  test('starts a run in every published flow that wants it, of that account alone', async () => {
    await publish('first', 'slack.message_posted');
    await publish('second', 'slack.message_posted', { channel: 'C0123456789' });
    await publish('other-channel', 'slack.message_posted', { channel: 'C9999999999' });
    await publish('other-type', 'slack.reaction_added');
    await publish('other-account', 'slack.message_posted', {}, 'theirs');
    await publish('off-the-air', 'slack.message_posted');
    await api('POST /flows/off-the-air/unpublish');
    expect(await send(MESSAGE)).toMatchObject({ status: 200, json: { events: 2 } });
    expect(await bodiesOf('first')).toEqual([MESSAGE]);
    expect(await bodiesOf('second')).toEqual([MESSAGE]);
    for (const slug of ['other-channel', 'other-type', 'other-account', 'off-the-air'])
      expect(await runsOf(slug), slug).toEqual([]);
    const [run] = await runsOf('first');
    expect(run!.event).toMatchObject({ verified: 'slack', dedupeKey: 'Ev1' });
  });

  test('that comes again starts nothing, in any of them', async () => {
    await publish('repeated', 'slack.message_posted');
    await send(MESSAGE, { id: 'Ev2' });
    await publish('late', 'slack.message_posted');
    expect((await send(MESSAGE, { id: 'Ev2' })).status).toBe(200);
    expect(await runsOf('repeated')).toHaveLength(1);
    // It was not published when the event first came; the app sends it once more, and it is new there.
    expect(await runsOf('late')).toHaveLength(1);
    await send(MESSAGE, { id: 'Ev2' });
    expect(await runsOf('late')).toHaveLength(1);
  });

  test('is captured for the flow whose next one somebody waits for', async () => {
    await publish('awaited', 'slack.message_posted');
    await publish('not-awaited', 'slack.message_posted');
    const { body: begun } = await api('POST /flows/awaited/captures', {});
    expect(begun).toMatchObject({ status: 'waiting', hookUrl: null });
    await send(MESSAGE, { id: 'Ev0' });
    const [run] = await runsOf('awaited');
    const capture = await waitFor('the event', async () => {
      const { body } = await api(`GET /flows/awaited/captures/${begun.id}`);
      return body.status === 'captured' ? (body as unknown) : undefined;
    });
    expect(capture).toMatchObject({ event: { body: MESSAGE, method: 'POST' }, runId: run!.id });
    expect(await prisma().capture.count()).toBe(1);
  });

  test('that no flow wants is answered all the same', async () => {
    expect(await send({ type: 'team_join' }, { id: 'Ev3' })).toMatchObject({
      status: 200,
      json: { events: 0 },
    });
    expect((await send(MESSAGE, { id: 'Ev4', team: 'T_UNKNOWN' })).status).toBe(200);
  });

  test('commits for all flows together, or for none', async () => {
    for (const slug of ['all-1', 'all-2', 'all-3']) await publish(slug, 'slack.app_mentioned');
    const before = await prisma().event.count();
    await prisma().$executeRawUnsafe(`CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.flow_slug = 'all-3' THEN RAISE EXCEPTION 'refused' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$`);
    await prisma().$executeRawUnsafe(
      'CREATE TRIGGER refuse_one BEFORE INSERT ON run FOR EACH ROW EXECUTE FUNCTION refuse_one()',
    );
    const mention = { ...MESSAGE, type: 'app_mention' };
    expect((await send(mention, { id: 'Ev5' })).status).toBe(503);
    expect(await prisma().event.count()).toBe(before);
    await prisma().$executeRawUnsafe('DROP TRIGGER refuse_one ON run');
    expect(await send(mention, { id: 'Ev5' })).toMatchObject({ status: 200, json: { events: 3 } });
  });

  test('is refused unless the app signed it, and at addresses that there are not', async () => {
    await publish('signed', 'slack.message_posted');
    expect(await send(MESSAGE, { id: 'Ev6', secret: 'another' })).toMatchObject({ status: 401, text: '' });
    expect((await deliver(hooks.server, path, { body: '{}' })).status).toBe(401);
    expect((await send(MESSAGE, { id: 'Ev6', to: path.replace('/slack/', '/notion/') })).status).toBe(404);
    expect((await send(MESSAGE, { id: 'Ev6', to: `${path.slice(0, -4)}abcd` })).status).toBe(404);
    expect((await send(MESSAGE, { id: 'Ev6', to: path.replace('/apps/slack', '') })).status).toBe(404);
    expect(await runsOf('signed')).toEqual([]);
  });

  test('never reaches the flows of another workspace', async () => {
    const other = await makeWorkspace();
    const otherKey = await makeApiKey(other, 'owner');
    await storeAccount(other, { slug: 'ours', connector: 'slack', accountId: 'T_OURS' });
    const otherPath = await setUp(otherKey, { secret: 'their secret' });
    await publish('foreign', 'slack.message_posted', {}, 'ours', otherKey);
    await send(MESSAGE, { id: 'Ev7' });
    expect(await runsOf('foreign')).toEqual([]);
    expect((await send(MESSAGE, { id: 'Ev8', to: otherPath })).status).toBe(401);
    expect((await send(MESSAGE, { id: 'Ev8', to: otherPath, secret: 'their secret' })).status).toBe(200);
    expect(await runsOf('foreign')).toHaveLength(1);
  });

  test('of a connection that is one member’s own reaches their flows alone', async () => {
    await storeAccount(hooks.workspaceId, { slug: 'private', connector: 'slack', accountId: 'T_PRIVATE' });
    await publish('private-flow', 'slack.message_posted', {}, 'private');
    const user = await prisma().user.create({
      data: {
        id: '8f0c2b52-3d0c-4f0e-9c59-0d9a7a4f5c11',
        email: 'ada@example.com',
        name: 'Ada',
        passwordHash: '',
      },
    });
    const where = { workspaceId_slug: { workspaceId: hooks.workspaceId, slug: 'private' } };
    await prisma().connection.update({ where, data: { ownerId: user.id, isShared: false } });
    await send(MESSAGE, { id: 'Ev9', team: 'T_PRIVATE' });
    expect(await runsOf('private-flow')).toEqual([]);
    await prisma().flowVersion.updateMany({
      where: { flow: { slug: 'private-flow' } },
      data: { createdById: user.id },
    });
    await send(MESSAGE, { id: 'Ev9', team: 'T_PRIVATE' });
    expect(await runsOf('private-flow')).toHaveLength(1);
  });
});

describe('Slack', () => {
  test('has its question answered, if it is signed', async () => {
    const question = { type: 'url_verification', challenge: '3eZbrw1aB' };
    expect(await post(question)).toMatchObject({ status: 200, json: { challenge: '3eZbrw1aB' } });
    expect((await post(question, { secret: 'another' })).status).toBe(401);
  });

  test('starts nothing for what bots post, unless that is wanted, nor for changed messages', async () => {
    await publish('people', 'slack.message_posted');
    await publish('bots', 'slack.message_posted', { fromBots: true });
    await send({ ...MESSAGE, bot_id: 'B1' }, { id: 'Ev10' });
    await send({ ...MESSAGE, subtype: 'message_changed' }, { id: 'Ev11' });
    expect(await runsOf('people')).toHaveLength(0);
    expect(await runsOf('bots')).toHaveLength(1);
  });
});

describe('the address of an app’s events', () => {
  test('is made once, shows no secret, and says whether events are taken', async () => {
    const other = await makeApiKey(await makeWorkspace(), 'owner');
    const listed = (await api('GET /app-hooks', undefined, other)).body as { data: AppHook[] };
    expect(listed.data.find(({ connector }) => connector === 'slack')).toMatchObject({
      url: null,
      isReady: false,
    });
    const first = (await api('PUT /app-hooks/slack', {}, other)).body as AppHook;
    expect(first).toMatchObject({ isReady: false, secret: 'entered', verificationToken: null });
    const second = (await api('PUT /app-hooks/slack', { secret: 'the secret' }, other)).body as AppHook;
    expect(second).toMatchObject({ isReady: true, url: first.url });
    expect(JSON.stringify(await api('GET /app-hooks', undefined, other))).not.toContain('the secret');
    const forgotten = (await api('PUT /app-hooks/slack', { secret: null }, other)).body as AppHook;
    expect(forgotten).toMatchObject({ isReady: false, url: first.url });
    expect((await api('DELETE /app-hooks/slack', undefined, other)).status).toBe(204);
    expect((await api('PUT /app-hooks/acme', {}, other)).status).toBe(404);
  });

  test('says when something genuine came last, and the catalogue whether events come', async () => {
    const other = await makeApiKey(await makeWorkspace(), 'owner');
    const eventsOf = async (connector: string) =>
      ((await api(`GET /connectors/${connector}`, undefined, other)).body as { appEvents: unknown })
        .appEvents;
    const lastOf = async () =>
      ((await api('PUT /app-hooks/slack', {}, other)).body as AppHook).lastDeliveryAt;
    expect([await eventsOf('slack'), await eventsOf('acme')]).toEqual(['missing', null]);
    const to = await setUp(other, { secret: 'the secret' });
    expect(await eventsOf('slack')).toBe('ready');
    await send(MESSAGE, { id: 'Ev13', to, secret: 'another' });
    expect(await lastOf()).toBeNull();
    await send(MESSAGE, { id: 'Ev13', to, secret: 'the secret' });
    const first = await lastOf();
    expect(Date.now() - Date.parse(first ?? '')).toBeLessThan(60_000);
    // Written once a minute at most.
    await send(MESSAGE, { id: 'Ev14', to, secret: 'the secret' });
    expect(await lastOf()).toBe(first);
  });

  test('without a secret takes nothing', async () => {
    const other = await makeApiKey(await makeWorkspace(), 'owner');
    const to = await setUp(other, {});
    expect((await send(MESSAGE, { id: 'Ev12', to, secret: '' })).status).toBe(401);
    expect((await post({ type: 'url_verification', challenge: 'x' }, { to, secret: '' })).status).toBe(401);
  });

  test('and whether it is there shows at the flow', async () => {
    await publish('shown', 'slack.message_posted');
    const stateOf = async () =>
      ((await api('GET /flows/shown/summary')).body as { subscription: unknown }).subscription;
    expect(await stateOf()).toMatchObject({ status: 'active', connection: 'ours', fault: null });
    await api('PUT /app-hooks/slack', { secret: null });
    expect(await stateOf()).toMatchObject({ status: 'waiting', fault: { code: 'app_not_set_up' } });
    await api('PUT /app-hooks/slack', { secret: SECRET });
  });
});

describe('HubSpot', () => {
  const eventOf = (objectId: number, rest: JsonObject = {}) => ({
    ...{ eventId: 1, subscriptionId: 2, portalId: 62_515, occurredAt: 1_768_469_400_000, attemptNumber: 0 },
    ...{ subscriptionType: 'contact.creation', objectId },
    ...rest,
  });

  function sendBatch(to: string, events: readonly JsonObject[], secret: string): Promise<DeliveryReply> {
    const body = JSON.stringify(events);
    const time = String(Date.now());
    const digest = createHmac('sha256', secret)
      .update(`POST${PUBLIC_URL}${to}${body}${time}`)
      .digest('base64');
    const headers = {
      'content-type': 'application/json',
      'x-hubspot-request-timestamp': time,
      'x-hubspot-signature-v3': digest,
    };
    return deliver(hooks.server, to, { headers, body });
  }

  test('sends many events of several accounts at once, signed with the secret of the OAuth app', async () => {
    await storeAccount(hooks.workspaceId, { slug: 'hub', connector: 'hubspot', accountId: '62515' });
    const hook = (await api('PUT /app-hooks/hubspot', {})).body as AppHook;
    expect(hook).toMatchObject({ secret: 'client', isReady: true });
    expect((await api('PUT /app-hooks/hubspot', { secret: 'entered' })).status).toBe(422);
    const to = new URL(hook.url ?? '').pathname;
    await publish('contacts', 'hubspot.contact_created', {}, 'hub');
    await publish('stages', 'hubspot.deal_changed', { property: 'dealstage' }, 'hub');
    const batch = [
      eventOf(1),
      eventOf(2),
      eventOf(3, { portalId: 1 }),
      eventOf(4, { subscriptionType: 'object.creation', objectTypeId: '0-1' }),
      eventOf(5, { subscriptionType: 'deal.propertyChange', propertyName: 'dealstage' }),
      eventOf(6, { subscriptionType: 'deal.propertyChange', propertyName: 'amount' }),
    ];
    expect((await sendBatch(to, batch, 'app secret')).status).toBe(401);
    await api('PUT /oauth-apps/hubspot', { clientId: 'app', clientSecret: 'app secret' });
    expect(await sendBatch(to, batch, 'app secret')).toMatchObject({ status: 200, json: { events: 4 } });
    const idsOf = async (slug: string) =>
      ((await bodiesOf(slug)) as { objectId: number }[]).map(({ objectId }) => objectId);
    expect(await idsOf('contacts')).toEqual([1, 2, 4]);
    expect(await idsOf('stages')).toEqual([5]);
    await sendBatch(
      to,
      batch.map((event) => ({ ...event, attemptNumber: 1 })),
      'app secret',
    );
    expect(await idsOf('contacts')).toEqual([1, 2, 4]);
  });
});

describe('Notion', () => {
  const EVENT = { id: 'n-1', type: 'page.created', workspace_id: 'w-1', entity: { id: 'p-1', type: 'page' } };

  function sendNotion(to: string, body: JsonObject, secret?: string): Promise<DeliveryReply> {
    const text = JSON.stringify(body);
    const digest = secret && createHmac('sha256', secret).update(text).digest('hex');
    const signed = digest ? { 'x-notion-signature': `sha256=${digest}` } : {};
    return deliver(hooks.server, to, {
      headers: { 'content-type': 'application/json', ...signed },
      body: text,
    });
  }

  test('sends its token once, which is shown to be pasted there, and signs with it from then on', async () => {
    await storeAccount(hooks.workspaceId, { slug: 'wiki', connector: 'notion', accountId: 'bot-1' });
    const made = (await api('PUT /app-hooks/notion', {})).body as AppHook;
    expect(made).toMatchObject({ secret: 'handshake', isReady: false, verificationToken: null });
    const to = new URL(made.url ?? '').pathname;
    await publish('pages', 'notion.page_created', {}, 'wiki');
    const event = { ...EVENT, accessible_by: [{ id: 'bot-1', type: 'bot' }] };
    expect((await sendNotion(to, event, 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl')).status).toBe(
      401,
    );
    expect((await sendNotion(to, { verification_token: 'secret_one' })).status).toBe(200);
    expect((await sendNotion(to, { verification_token: 'secret_two' })).status).toBe(401);
    const listed = (await api('GET /app-hooks')).body as { data: AppHook[] };
    expect(listed.data.find(({ connector }) => connector === 'notion')).toMatchObject({
      isReady: true,
      verificationToken: 'secret_one',
    });
    expect((await sendNotion(to, event, 'secret_two')).status).toBe(401);
    expect(await sendNotion(to, event, 'secret_one')).toMatchObject({ status: 200, json: { events: 1 } });
    expect(await bodiesOf('pages')).toEqual([event]);
    await api('PUT /app-hooks/notion', { secret: null });
    expect((await sendNotion(to, { verification_token: 'secret_two' })).status).toBe(200);
    expect((await sendNotion(to, { ...event, id: 'n-2' }, 'secret_two')).status).toBe(200);
  });

  test('a token without a question is none of another app', async () => {
    expect((await post({ verification_token: 'x' }, { secret: 'wrong' })).status).toBe(401);
  });
});
