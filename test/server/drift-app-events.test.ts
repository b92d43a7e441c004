import { createHmac } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { AppHook } from '#core/api/app-hooks.ts';
import { LEARN_UNTIL } from '#core/drift/follow-contract.ts';
import type { JsonObject } from '#core/json.ts';
import { prisma } from '#server/db/prisma.ts';
import { acceptDrift } from '#server/drift/accept-drift.ts';
import { learnFromEvents } from '#server/drift/learn-from-events.ts';
import { listDrift } from '#server/drift/list-drift.ts';
import { readLedger } from '#server/ledger/read-ledger.ts';
import { metricRegistry } from '#server/metrics/registry.ts';
import { listQuarantined } from '#server/quarantine/list-quarantined.ts';
import { replayQuarantined } from '#server/quarantine/replay-quarantined.ts';
import { sealSecret } from '#server/subscriptions/seal-secret.ts';
import { callApi } from '#test/support/call-api.ts';
import { deliver, testActor, type DeliveryReply } from '#test/support/hook-fixture.ts';
import { makeApiKey } from '#test/support/people.ts';
import { appFlow } from '#test/support/trigger-flows.ts';
import { storeAccount } from '#test/support/triggers/store-account.ts';
import { useHooks } from '#test/support/use-hooks.ts';
import { waitFor } from '#test/support/wait-for.ts';

const SECRET = 'what the provider signs with';
/** Events of this very moment are looked at, too. */
const AT_ONCE = -60_000;
const hooks = useHooks();
let key = '';

beforeAll(async () => {
  key = await makeApiKey(hooks.workspaceId, 'owner');
});
afterAll(async () => {
  await prisma().appHook.deleteMany();
});

const api = (call: string, body?: unknown) => callApi(call, { key, body });

interface Wanted {
  readonly type: string;
  readonly connection: string;
  readonly config: JsonObject;
}

async function publish(slug: string, wanted: Wanted): Promise<void> {
  await api(`PUT /flows/${slug}`, appFlow(slug, wanted));
  const { status, body } = await api(`POST /flows/${slug}/publish`);
  expect(status, JSON.stringify(body)).toBe(200);
}

const runsOf = (slug: string) =>
  prisma().run.findMany({ where: { flowSlug: slug }, include: { event: true }, orderBy: { id: 'asc' } });
const heldOf = async (slug: string) =>
  (await listQuarantined(hooks.workspaceId, { flow: slug, limit: 50 })).data;
const versionsSettled = async (slug: string) =>
  (await prisma().contract.findMany({ where: { flow: { slug }, place: '', settledAt: { not: null } } })).map(
    ({ versionNumber }) => versionNumber,
  );

/** Sends usual events until they are known; each look takes 20 of a flow at most. */
async function settle(slug: string, send: (id: string) => Promise<DeliveryReply>): Promise<void> {
  for (let sent = 0; sent < LEARN_UNTIL; sent += 5) {
    const ids = Array.from({ length: 5 }, (_, at) => `${slug}-${sent + at}`);
    for (const reply of await Promise.all(ids.map(send))) expect(reply.status).toBeLessThan(300);
    await learnFromEvents(AT_ONCE);
  }
  expect(await versionsSettled(slug)).toEqual([1]);
}

async function countOf(outcome: string): Promise<number> {
  const metric = await metricRegistry.getSingleMetric('patchbay_hook_events_total')!.get();
  return metric.values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? 0;
}

describe('events that an app sends to one address', () => {
  const MESSAGE = { type: 'message', channel: 'C0123456789', user: 'U1', text: 'hello', ts: '1.2' };
  const { text: _, ...WITHOUT_TEXT } = MESSAGE;
  const wanted = (onDrift: string): Wanted => ({
    type: 'slack.message_posted',
    connection: 'ours',
    config: { onDrift },
  });
  let path = '';

  beforeAll(async () => {
    await storeAccount(hooks.workspaceId, { slug: 'ours', connector: 'slack', accountId: 'T_OURS' });
    const { body } = await api('PUT /app-hooks/slack', { secret: SECRET });
    path = new URL((body as AppHook).url ?? '').pathname;
  });

  function send(event: JsonObject, id: string): Promise<DeliveryReply> {
    const authorizations = [{ team_id: 'T_OURS', user_id: 'U_APP', is_bot: true }];
    const body = JSON.stringify({
      ...{ type: 'event_callback', team_id: 'T_OURS', event_id: id, event, authorizations },
    });
    const time = String(Math.floor(Date.now() / 1_000));
    const digest = createHmac('sha256', SECRET).update(`v0:${time}:${body}`).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'x-slack-request-timestamp': time,
      'x-slack-signature': `v0=${digest}`,
    };
    return deliver(hooks.server, path, { headers, body });
  }

  test('run, wait or are left out as each flow says; the app hears nothing of it', async () => {
    await publish('takes', wanted('accept'));
    await publish('holds', wanted('quarantine'));
    await publish('refuses', wanted('reject'));
    await settle('refuses', (id) => send(MESSAGE, id));
    expect([await versionsSettled('takes'), await versionsSettled('holds')]).toEqual([[1], [1]]);
    const before = [await countOf('accepted'), await countOf('quarantined'), await countOf('refused')];

    expect(await send(WITHOUT_TEXT, 'Ev-changed')).toMatchObject({ status: 200, json: { events: 2 } });
    const after = [await countOf('accepted'), await countOf('quarantined'), await countOf('refused')];
    expect(after).toEqual(before.map((count) => count + 1));
    expect(await runsOf('takes')).toHaveLength(LEARN_UNTIL + 1);
    expect(await runsOf('holds')).toHaveLength(LEARN_UNTIL);
    expect(await runsOf('refuses')).toHaveLength(LEARN_UNTIL);
    expect(await heldOf('refuses')).toEqual([]);
    expect(await heldOf('holds')).toMatchObject([
      { canReplay: true, reasons: [{ pointer: '/text', message: 'text is missing' }] },
    ]);
    // What was refused is stored nowhere, and told all the same.
    await waitFor('the note', async () => (await listDrift(hooks.workspaceId, 'refuses'))[0]);
    await learnFromEvents(AT_ONCE);
    for (const slug of ['takes', 'holds', 'refuses'])
      expect(await listDrift(hooks.workspaceId, slug), slug).toMatchObject([
        { kind: 'disappeared', path: ['text'], version: 1 },
      ]);

    // The app sends it again: nobody gets it twice.
    await send(WITHOUT_TEXT, 'Ev-changed');
    expect(await runsOf('takes')).toHaveLength(LEARN_UNTIL + 1);
    expect(await heldOf('holds')).toHaveLength(1);

    const actor = testActor(hooks.workspaceId);
    const [event] = await heldOf('holds');
    const replies = await Promise.all([1, 2].map(() => replayQuarantined(actor, [event!.id])));
    expect(replies.flatMap(({ runs }) => runs)).toHaveLength(1);
    expect((await runsOf('holds')).at(-1)).toMatchObject({ startedBy: 'webhook', event: { id: event!.id } });

    expect(await acceptDrift(actor, 'refuses')).toBe(1);
    await send(WITHOUT_TEXT, 'Ev-accepted');
    expect(await runsOf('refuses')).toHaveLength(LEARN_UNTIL + 1);
    const { workspace, faults } = await readLedger(hooks.workspaceId);
    expect({ drift: workspace.drift, faults }).toEqual({ drift: 0, faults: [] });
  });

  test('are held against what was known when the flow was published', async () => {
    await publish('pinned', wanted('quarantine'));
    await settle('pinned', (id) => send(MESSAGE, id));
    await publish('pinned', {
      ...wanted('quarantine'),
      config: { onDrift: 'quarantine', channel: 'C0123456789' },
    });
    expect(await versionsSettled('pinned')).toEqual([1, 2]);
    await send(WITHOUT_TEXT, 'Ev-pinned');
    expect(await heldOf('pinned')).toHaveLength(1);
  });
});

describe('events that a provider sends to the address of a flow', () => {
  const CONTACT = { type: 'contact.created', data: { id: 'c_1', email: 'ada@example.com' } };
  const CHANGED = { ...CONTACT, data: { ...CONTACT.data, email: null } };
  const wanted = (onDrift?: string): Wanted => ({
    type: 'acme.contact_created',
    connection: 'crm',
    config: onDrift === undefined ? {} : { onDrift },
  });

  beforeAll(() => storeAccount(hooks.workspaceId, { slug: 'crm' }).then(() => undefined));

  /** A published flow whose subscription is registered. Resolves to what sends to it. */
  async function registered(slug: string, onDrift?: string) {
    await publish(slug, wanted(onDrift));
    const row = await prisma().subscription.findFirstOrThrow({ where: { flow: { slug }, isWanted: true } });
    const sealed = sealSecret({ workspaceId: hooks.workspaceId, recordId: row.id }, SECRET);
    await prisma().subscription.update({
      where: { id: row.id },
      data: { remoteId: `whk_${slug}`, askedAt: new Date(), ...sealed },
    });
    const { pathname, search } = new URL(row.callbackUrl);
    return (event: JsonObject, id: string): Promise<DeliveryReply> => {
      const body = JSON.stringify(event);
      const time = String(Math.floor(Date.now() / 1_000));
      const digest = createHmac('sha256', SECRET).update(`${time}.${body}`).digest('hex');
      const headers = {
        'content-type': 'application/json',
        'acme-event-id': id,
        'acme-signature': `t=${time},v1=${digest}`,
      };
      return deliver(hooks.server, pathname + search, { headers, body });
    };
  }

  test('wait for a decision where the trigger says so', async () => {
    const send = await registered('crm-holds', 'quarantine');
    await settle('crm-holds', (id) => send(CONTACT, id));
    // The hook may be remembered for a second.
    await waitFor('the contract counts', async () => {
      const { json } = await send(CHANGED, `changed-${Math.random()}`);
      return json?.['runId'] === null || undefined;
    });
    const held = await heldOf('crm-holds');
    expect(held[0]).toMatchObject({ reasons: [{ pointer: '/data/email' }] });
    const { runs } = await replayQuarantined(
      testActor(hooks.workspaceId),
      held.map(({ id }) => id),
    );
    expect(runs).toHaveLength(held.length);
  });

  test('are answered 422 where the trigger says so, naming the field', async () => {
    const send = await registered('crm-refuses', 'reject');
    await settle('crm-refuses', (id) => send(CONTACT, id));
    const before = (await runsOf('crm-refuses')).length;
    const refused = await waitFor('a refusal', async () => {
      const reply = await send(CHANGED, 'changed');
      return reply.status === 422 && reply;
    });
    expect(refused.text).toContain('data.email is null; it was a text');
    await waitFor('the note', async () => (await listDrift(hooks.workspaceId, 'crm-refuses'))[0]);
    expect(await heldOf('crm-refuses')).toEqual([]);
    expect((await send(CONTACT, 'usual again')).status).toBe(202);
    expect((await runsOf('crm-refuses')).length).toBeGreaterThan(before);
  });

  test('go on as the same subscription when the answer to drift changes', async () => {
    await registered('crm-same');
    const rows = () => prisma().subscription.findMany({ where: { flow: { slug: 'crm-same' } } });
    const before = await rows();
    await publish('crm-same', wanted('quarantine'));
    expect(await rows()).toEqual(before);
  });
});

describe('a delivery of several events', () => {
  test('is taken as far as it fits', async () => {
    await storeAccount(hooks.workspaceId, { slug: 'hub', connector: 'hubspot', accountId: '62515' });
    const { body } = await api('PUT /app-hooks/hubspot', {});
    const to = new URL((body as AppHook).url ?? '');
    await publish('contacts', {
      type: 'hubspot.contact_created',
      connection: 'hub',
      config: { onDrift: 'reject' },
    });
    await api('PUT /oauth-apps/hubspot', { clientId: 'app', clientSecret: SECRET });
    const eventOf = (objectId: number, rest: JsonObject = {}) => ({
      ...{ eventId: objectId, subscriptionId: 2, portalId: 62_515, occurredAt: 1_768_469_400_000 },
      ...{ attemptNumber: 0, subscriptionType: 'contact.creation', objectId, changeSource: 'CRM' },
      ...rest,
    });
    const send = (events: readonly JsonObject[]) => {
      const text = JSON.stringify(events);
      const time = String(Date.now());
      const signed = `POST${to.href}${text}${time}`;
      const headers = {
        'content-type': 'application/json',
        'x-hubspot-request-timestamp': time,
        'x-hubspot-signature-v3': createHmac('sha256', SECRET).update(signed).digest('base64'),
      };
      return deliver(hooks.server, to.pathname, { headers, body: text });
    };
    let at = 0;
    await settle('contacts', () => send([eventOf((at += 1))]));
    const reply = await send([eventOf(900), eventOf(901, { changeSource: 7 }), eventOf(902)]);
    expect(reply).toMatchObject({ status: 200, json: { events: 2 } });
    expect(await runsOf('contacts')).toHaveLength(LEARN_UNTIL + 2);
  });
});
