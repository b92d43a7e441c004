import { afterAll, beforeAll, expect, test } from 'vitest';

import { prisma } from '#server/db/prisma.ts';
import { drainIngress } from '#server/ingress/drain-ingress.ts';
import { stopListening } from '#server/live/hub.ts';
import { flushNotices } from '#server/live/outbox.ts';
import { startAcme, type Acme } from '#sandbox/start-acme.ts';
import { callAcme, connect } from '#test/support/acme.ts';
import { callApi } from '#test/support/call-api.ts';
import { startHookServer, type HookServer } from '#test/support/hook-fixture.ts';
import { makeApiKey } from '#test/support/people.ts';
import { appFlow } from '#test/support/trigger-flows.ts';
import { storeAccount } from '#test/support/triggers/store-account.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { useWorkers, whenRun } from '#test/worker/worker-fixture.ts';

let acme: Acme;
let hooks: HookServer;
/** Of a person who granted everything. */
let token = '';
let key = '';

beforeAll(async () => {
  hooks = await startHookServer();
  process.env['PATCHBAY_URL'] = hooks.url;
  acme = await startAcme({
    patchbayUrl: hooks.url,
    retryPausesMs: [100, 100, 100],
    tokenSeconds: 600,
    rateLimit: { requests: 10_000, seconds: 1 },
  });
  process.env['PATCHBAY_SANDBOX_URL'] = acme.url;
  process.env['PATCHBAY_SANDBOX_SECRET'] = acme.client.secret;
});
const fixture = useWorkers();
beforeAll(async () => {
  key = await makeApiKey(fixture.workspaceId, 'owner');
  const { access_token: accessToken, refresh_token: refreshToken = '' } = await connect(acme);
  token = accessToken;
  await storeAccount(fixture.workspaceId, { slug: 'crm', fields: { accessToken, refreshToken } });
  await fixture.startWorker();
});
afterAll(async () => {
  await hooks.stop();
  await acme.stop();
  await drainIngress();
  await flushNotices();
  await stopListening();
});

const api = (call: string, body?: unknown) => callApi(call, { key, body });
const webhooks = async () =>
  ((await (await callAcme(acme, token, '/webhooks')).json()) as { data: { url: string; events: string[] }[] })
    .data;

async function publish(slug: string, type: string): Promise<void> {
  await api(`PUT /flows/${slug}`, appFlow(slug, { type, connection: 'crm' }));
  expect((await api(`POST /flows/${slug}/publish`)).status).toBe(200);
  await waitFor(`${slug} to be subscribed`, async () => {
    const { body } = await api(`GET /flows/${slug}/summary`);
    return (body as { subscription: { status: string } | null }).subscription?.status === 'active';
  });
}

const add = async (email: string) => {
  const reply = await callAcme(acme, token, '/contacts', { body: { name: 'Ada Lovelace', email } });
  expect(reply.status).toBe(201);
  return ((await reply.json()) as { id: string }).id;
};

test('what happens in Acme starts runs, until the flow is off the air', { timeout: 120_000 }, async () => {
  await publish('welcome', 'acme.contact_created');
  expect(await webhooks()).toMatchObject([{ events: ['contact.created'] }]);
  const id = await add('ada@example.com');
  const run = await waitFor('a run', () => prisma().run.findFirst({ where: { flowSlug: 'welcome' } }));
  expect(await whenRun(fixture, run.id)).toMatchObject({ status: 'succeeded' });
  const { body } = await api(`GET /runs/${run.id}`);
  expect((body as { trigger: { body: unknown } }).trigger.body).toMatchObject({
    type: 'contact.created',
    data: { id, email: 'ada@example.com' },
  });

  await publish('welcome', 'acme.contact_updated');
  await waitFor('one webhook', async () => (await webhooks()).length === 1);
  expect(await webhooks()).toMatchObject([{ events: ['contact.updated'] }]);

  await api('POST /flows/welcome/unpublish');
  await waitFor('no webhook', async () => (await webhooks()).length === 0);
  await waitFor('nothing left to do', async () => (await prisma().subscription.count()) === 0);
});
