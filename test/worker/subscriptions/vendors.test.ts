import { randomUUID } from 'node:crypto';

import { sign } from '@octokit/webhooks-methods';
import { SignJWT } from 'jose';
import Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { FlowSummary } from '#core/api/flows.ts';
import type { JsonObject } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { egressClient, type EgressClient } from '#server/egress/egress-client.ts';
import { takeDueSubscriptions } from '#server/sql/subscription-rows.ts';
import { tendSubscription, type TendingServices } from '#worker/subscriptions/tend-subscription.ts';
import { callServices } from '#test/support/call-services.ts';
import { callApi } from '#test/support/call-api.ts';
import { deliver } from '#test/support/hook-fixture.ts';
import { makeApiKey } from '#test/support/people.ts';
import { appFlow } from '#test/support/trigger-flows.ts';
import { storeAccount } from '#test/support/triggers/store-account.ts';
import { startVendorHost, type VendorCall, type VendorHost } from '#test/support/triggers/vendor-host.ts';
import { useHooks } from '#test/support/use-hooks.ts';

const hooks = useHooks();
let vendor: VendorHost;
let http: EgressClient;
let services: TendingServices;
let key = '';

beforeAll(async () => {
  vendor = await startVendorHost();
  http = egressClient({ allow: '127.0.0.0/8' });
  services = {
    pool: pool(),
    ...callServices(vendor.through(http)),
    stopping: new AbortController().signal,
  };
  key = await makeApiKey(hooks.workspaceId, 'owner');
  for (const connector of ['github', 'jira'])
    await storeAccount(hooks.workspaceId, { slug: connector, connector });
  await storeAccount(hooks.workspaceId, {
    slug: 'stripe',
    connector: 'stripe',
    fields: { secretKey: 'rk_test_1' },
  });
});
afterAll(async () => {
  await http.close();
  await vendor.stop();
});
beforeEach(async () => {
  vendor.calls.length = 0;
  await prisma().subscription.deleteMany();
});

const api = (call: string, body?: unknown) => callApi(call, { key, body });

async function publish(slug: string, type: string, config: JsonObject = {}): Promise<void> {
  const [connection = ''] = type.split('.');
  await api(`PUT /flows/${slug}`, appFlow(slug, { type, connection, config }));
  const { status, body } = await api(`POST /flows/${slug}/publish`);
  expect(status, JSON.stringify(body)).toBe(200);
  await settle();
}

async function settle(): Promise<void> {
  for (let round = 0; round < 6; round += 1) {
    const due = await takeDueSubscriptions(pool(), { leasedBy: randomUUID(), seconds: 60, limit: 8 });
    if (due.length === 0) return;
    for (const row of due) await tendSubscription(row, services);
  }
}

async function check(): Promise<void> {
  await pool().query(`UPDATE subscription SET due_at = now(), checked_at = now() - interval '2 hours'`);
  await settle();
}

async function stateOf(slug: string): Promise<FlowSummary['subscription']> {
  return ((await api(`GET /flows/${slug}/summary`)).body as FlowSummary).subscription;
}

const calls = () => vendor.calls.map(({ what }) => what);
const runsOf = (slug: string) => prisma().run.count({ where: { flowSlug: slug } });

function send(callbackUrl: string, headers: Record<string, string>, body: string) {
  const { pathname, search } = new URL(callbackUrl);
  const sent = { 'content-type': 'application/json', ...headers };
  return deliver(hooks.server, pathname + search, { headers: sent, body });
}

describe('GitHub', () => {
  interface Hook {
    readonly id: number;
    readonly events: string[];
    readonly config: { readonly url: string; readonly secret: string; readonly content_type: string };
  }
  const HOOKS = 'api.github.com/repos/octo/hello/hooks';
  let made: Hook[] = [];

  beforeEach(() => {
    made = [];
    vendor.answer = (call) => answer(call);
  });

  function answer({ what, body }: VendorCall) {
    if (what === `POST ${HOOKS}`) {
      const hook = { id: 1_000 + made.length, ...(JSON.parse(body) as Omit<Hook, 'id'>) };
      made.push(hook);
      return { status: 201, body: hook };
    }
    if (what === `GET ${HOOKS}`) return { body: made };
    const id = Number(what.split('/').at(-1));
    const there = made.some((hook) => hook.id === id);
    made = made.filter((hook) => hook.id !== id);
    return { status: there ? 204 : 404 };
  }

  const push = (secret: string, rest: Record<string, string> = {}, ref = 'refs/heads/main') =>
    signed(secret, JSON.stringify({ ref, commits: [] }), { 'x-github-event': 'push', ...rest });
  const signed = async (secret: string, body: string, rest: Record<string, string>) => ({
    headers: { 'x-hub-signature-256': await sign(secret, body), ...rest },
    body,
  });

  test('gets a webhook with a secret of ours; its pushes start runs, those of other branches do not', async () => {
    await publish('push', 'github.push', { repository: 'octo/hello', branch: 'main' });
    expect(vendor.calls[0]?.headers['authorization']).toBe('Bearer an access token of the tests');
    expect(made).toMatchObject([{ events: ['push'], config: { content_type: 'json', insecure_ssl: '0' } }]);
    const { url, secret } = made[0]!.config;
    expect(await stateOf('push')).toMatchObject({ status: 'active', expiresAt: null });
    const one = await push(secret, { 'x-github-delivery': 'd-1' });
    expect((await send(url, one.headers, one.body)).json).toMatchObject({
      runId: expect.any(String) as string,
    });
    expect((await send(url, one.headers, one.body)).json).toMatchObject({ duplicate: true });
    const other = await push(secret, { 'x-github-delivery': 'd-2' }, 'refs/heads/dev');
    expect((await send(url, other.headers, other.body)).json).toEqual({ events: [] });
    const ping = await signed(secret, '{"zen":"…"}', { 'x-github-event': 'ping' });
    expect(await send(url, ping.headers, ping.body)).toMatchObject({ status: 202, json: { events: [] } });
    expect(await runsOf('push')).toBe(1);
  });

  test('takes it back, makes it anew where somebody deleted it, and goes through all pages of a list', async () => {
    await publish('release', 'github.release', { repository: 'octo/hello', actions: ['published'] });
    made = [];
    await check();
    expect(made).toHaveLength(1);
    const mine = made[0]!;
    vendor.answer = (call) => {
      if (call.what !== `GET ${HOOKS}`) return answer(call);
      if (call.query.get('page') === '2') return { body: [mine] };
      const others = Array.from({ length: 100 }, (_, id) => ({
        id,
        config: { url: 'https://elsewhere.example' },
      }));
      return {
        body: others,
        headers: { link: `<https://api.github.com/repos/octo/hello/hooks?per_page=100&page=2>; rel="next"` },
      };
    };
    await check();
    expect(calls().filter((what) => what.startsWith('POST'))).toHaveLength(2);
    await api('POST /flows/release/unpublish');
    await settle();
    expect(made).toEqual([]);
    expect(await prisma().subscription.count()).toBe(0);
  });

  test('says in its own words why it refuses', async () => {
    vendor.answer = () => ({ status: 404, body: { message: 'Not Found' } });
    await publish('refused', 'github.issue', { repository: 'octo/hello' });
    const state = await stateOf('refused');
    expect(state).toMatchObject({ status: 'failed', fault: { kind: 'invalid' } });
    expect(state!.fault!.message).toContain('the account may not see it');
  });
});

describe('Stripe', () => {
  const ENDPOINTS = 'api.stripe.com/v1/webhook_endpoints';

  test('gets an endpoint for the chosen events, and its own secret counts', async () => {
    const made: { id: string; url: string }[] = [];
    vendor.answer = ({ what, body }) => {
      if (what === `POST ${ENDPOINTS}`) {
        made.push({ id: 'we_1', url: new URLSearchParams(body).get('url') ?? '' });
        return { body: { ...made[0], secret: 'whsec_stripe', status: 'enabled' } };
      }
      return what === `GET ${ENDPOINTS}`
        ? { body: { data: made, has_more: false } }
        : { body: { deleted: true } };
    };
    await publish('refunds', 'stripe.event', { events: ['charge.refunded', 'charge.failed'] });
    const form = new URLSearchParams(vendor.calls[0]?.body);
    expect([form.get('enabled_events[0]'), form.get('enabled_events[1]')]).toEqual([
      'charge.refunded',
      'charge.failed',
    ]);
    expect(vendor.calls[0]?.headers['authorization']).toBe('Bearer rk_test_1');
    const payload = JSON.stringify({ id: 'evt_1', type: 'charge.refunded', data: { object: {} } });
    const header = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret: 'whsec_stripe' });
    const reply = await send(made[0]!.url, { 'stripe-signature': header }, payload);
    expect(reply).toMatchObject({ status: 202, json: { runId: expect.any(String) as string } });
    await api('POST /flows/refunds/unpublish');
    await settle();
    expect(calls().at(-1)).toBe(`DELETE ${ENDPOINTS}/we_1`);
  });
});

describe('Jira', () => {
  const config = { site: 'site-1', jql: 'project = OPS' };
  const WEBHOOKS = 'api.atlassian.com/ex/jira/site-1/rest/api/3/webhook';
  let url = '';

  beforeEach(() => {
    vendor.answer = ({ what, body }) => {
      if (what === `POST ${WEBHOOKS}`) {
        url = (JSON.parse(body) as { url: string }).url;
        return { body: { webhookRegistrationResult: [{ createdWebhookId: 77 }] } };
      }
      if (what === `PUT ${WEBHOOKS}/refresh`)
        return {
          body: {
            expirationDate: new Date(Date.now() + 30 * 86_400_000).toISOString().replace('Z', '+0000'),
          },
        };
      return what === `GET ${WEBHOOKS}`
        ? { body: { values: [{ id: 77, url }], isLast: true } }
        : { status: 202 };
    };
  });

  test('gets a webhook that is renewed before its 30 days are over, and taken back', async () => {
    await publish('issues', 'jira.issue_created', config);
    expect(JSON.parse(vendor.calls[0]!.body)).toEqual({
      url,
      webhooks: [{ events: ['jira:issue_created'], jqlFilter: 'project = OPS' }],
    });
    const days = async () => (Date.parse((await stateOf('issues'))!.expiresAt!) - Date.now()) / 86_400_000;
    expect(await days()).toBeCloseTo(30, 1);
    await pool().query(
      `UPDATE subscription SET due_at = now(), renew_at = now(), expires_at = now() + interval '6 days'`,
    );
    await settle();
    expect(calls()).toContain(`PUT ${WEBHOOKS}/refresh`);
    expect(await days()).toBeCloseTo(30, 1);
    await api('POST /flows/issues/unpublish');
    await settle();
    expect(JSON.parse(vendor.calls.at(-1)!.body)).toEqual({ webhookIds: [77] });
  });

  test('shows who it is by a token of the workspace’s OAuth app', async () => {
    await publish('told', 'jira.issue_created', config);
    const token = (secret: string) =>
      new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().sign(Buffer.from(secret));
    const body = JSON.stringify({ webhookEvent: 'jira:issue_created', issue: { key: 'OPS-1' } });
    const post = async (secret: string) =>
      send(
        url,
        { authorization: `Bearer ${await token(secret)}`, 'x-atlassian-webhook-identifier': 'w-1' },
        body,
      );
    expect((await post('the client secret')).status).toBe(401);
    await api('PUT /oauth-apps/jira', { clientId: 'an app', clientSecret: 'the client secret' });
    expect((await post('another')).status).toBe(401);
    expect(await post('the client secret')).toMatchObject({ status: 202 });
    expect((await post('the client secret')).json).toMatchObject({ duplicate: true });
    const [event] = await prisma().event.findMany({ where: { flow: { slug: 'told' } } });
    expect(event!.headers).toMatchObject({ authorization: '[redacted]' });
  });

  test('says why it refuses a query', async () => {
    vendor.answer = () => ({
      body: { webhookRegistrationResult: [{ errors: ['The clause watchers is unsupported'] }] },
    });
    await publish('wrong', 'jira.issue_updated', { ...config, jql: 'watcher = me' });
    const { status, fault } = (await stateOf('wrong'))!;
    expect(status).toBe('failed');
    expect(fault).toMatchObject({ code: 'vendor_refused', pointer: '/config/jql' });
    expect(fault!.message).toContain('The clause watchers is unsupported');
  });
});
