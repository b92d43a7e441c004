import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

import { sign as signForGithub } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';

import { triggerValue } from '#server/runs/trigger-value.ts';
import { deliver, eventsOf, makeHook, type StoredEventRow } from '#test/support/hook-fixture.ts';
import { useHooks } from '#test/support/use-hooks.ts';

interface GithubExample {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}
const githubEvents = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@octokit/webhooks-examples'), 'utf8'),
) as readonly GithubExample[];

const clock = { ms: Date.now() };
const hooks = useHooks({ now: () => clock.ms });

function valueOf(row: StoredEventRow | undefined) {
  if (!row) throw new Error('no event was stored');
  const { method, query, headers, body, content_type: contentType, received_at: receivedAt } = row;
  return triggerValue({ method, query, headers, body, contentType, receivedAt });
}

describe('a genuine delivery is stored once, byte for byte, with one queued run', () => {
  it.each(['issues', 'push', 'pull_request'])('GitHub: %s', async (name) => {
    const secret = 'It’s a Secret to Everybody';
    const hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config: { verify: { scheme: 'github' } },
      fields: { secret },
    });
    const example = githubEvents.find((each) => each.name === name)?.examples[0];
    expect(example).toBeDefined();
    const body = JSON.stringify(example, null, 2);
    const reply = await deliver(hooks.server, hook.path, {
      headers: {
        'content-type': 'application/json',
        'x-github-event': name,
        'x-github-delivery': `delivery-${name}`,
        'x-hub-signature-256': await signForGithub(secret, body),
      },
      body,
    });
    const stored = await eventsOf(hook);
    expect(stored).toHaveLength(1);
    expect(reply).toMatchObject({ status: 202, json: { eventId: stored[0]!.id, runId: stored[0]!.run_id } });
    expect(reply.json).not.toHaveProperty('duplicate');
    expect(stored[0]).toMatchObject({
      run_status: 'queued',
      verified: 'github',
      dedupe_key: `delivery-${name}`,
      method: 'POST',
    });
    expect(stored[0]!.body.toString('utf8')).toBe(body);
    expect(valueOf(stored[0])['body']).toEqual(JSON.parse(body));
    expect(valueOf(stored[0])['headers']).toMatchObject({ 'x-github-event': name });
  });

  it('Stripe, signed by the stripe package', async () => {
    clock.ms = Date.now();
    const secret = 'whsec_test_secret';
    const hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config: { verify: { scheme: 'stripe' } },
      fields: { secret },
    });
    const body = JSON.stringify({ id: 'evt_1', object: 'event', type: 'invoice.paid' }, null, 2);
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret });
    const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature };
    expect(await deliver(hooks.server, hook.path, { headers, body })).toMatchObject({ status: 202 });
    expect(await eventsOf(hook)).toMatchObject([
      { dedupe_key: 'evt_1', verified: 'stripe', run_status: 'queued' },
    ]);
  });

  it('Standard Webhooks, signed by the standardwebhooks package', async () => {
    clock.ms = Date.now();
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const config = { verify: { scheme: 'standard_webhooks' } };
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config, fields: { secret } });
    const body = '{"type":"contact.created","data":{"id":"1"}}';
    const at = new Date(clock.ms);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': `v1,${'A'.repeat(43)}= ${new StandardWebhook(secret).sign('msg_1', at, body)} v1a,other`,
    };
    expect(await deliver(hooks.server, hook.path, { headers, body })).toMatchObject({ status: 202 });
    expect(await eventsOf(hook)).toMatchObject([{ dedupe_key: 'msg_1', verified: 'standard_webhooks' }]);
  });

  it('Standard Webhooks: the documented vector', async () => {
    clock.ms = 1_614_265_330_000;
    const fields = { secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
    const hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config: { verify: { scheme: 'standard_webhooks' } },
      fields,
    });
    const headers = {
      'svix-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'svix-timestamp': '1614265330',
      'svix-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    expect(await deliver(hooks.server, hook.path, { headers, body: '{"test": 2432232314}' })).toMatchObject({
      status: 202,
    });
    expect(await eventsOf(hook)).toMatchObject([{ dedupe_key: 'msg_p5jXN8AQM9LWM0D4loKWxJek' }]);
  });

  it('Slack: the documented slash command', async () => {
    clock.ms = 1_531_420_618_000;
    const fields = { secret: '8f742231b10e8888abcd99yyyzzz85a5' };
    const hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config: { verify: { scheme: 'slack' } },
      fields,
    });
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
      '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
      '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    expect(await deliver(hooks.server, hook.path, { headers, body })).toMatchObject({ status: 202 });
    const stored = await eventsOf(hook);
    expect(stored).toHaveLength(1);
    expect(valueOf(stored[0])['body']).toMatchObject({
      command: '/webhook-collect',
      text: '',
      user_name: 'roadrunner',
    });
  });

  it('Shopify: the known answer', async () => {
    const hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config: { verify: { scheme: 'shopify' } },
      fields: { secret: 'hush' },
    });
    const headers = {
      'content-type': 'application/json',
      'x-shopify-hmac-sha256': 'VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=',
      'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    };
    expect(await deliver(hooks.server, hook.path, { headers, body: '{"id":1}' })).toMatchObject({
      status: 202,
    });
    expect(await eventsOf(hook)).toMatchObject([
      { dedupe_key: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043', verified: 'shopify' },
    ]);
  });

  it('no scheme: anything, with its query, by any method that the flow takes', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: { method: 'ANY' } });
    const reply = await deliver(hooks.server, `${hook.path}?a=1&a=2&__proto__=x&b=%00`, { method: 'GET' });
    expect(reply.status).toBe(202);
    const [stored] = await eventsOf(hook);
    expect(stored).toMatchObject({ method: 'GET', verified: 'none', dedupe_key: null });
    expect(valueOf(stored)).toMatchObject({ body: null, method: 'GET', query: { a: ['1', '2'], b: '\0' } });
  });
});

describe('credentials are not stored', () => {
  it('takes out Authorization, Cookie and the token of the scheme, and keeps the rest', async () => {
    const config = { verify: { scheme: 'token', header: 'X-Webhook-Token' } };
    const hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config,
      fields: { secret: 'open-sesame' },
    });
    const headers = {
      authorization: 'Bearer canary-1',
      cookie: 'a=canary-2',
      'x-webhook-token': 'open-sesame',
      'x-other': 'kept',
    };
    expect(await deliver(hooks.server, hook.path, { headers, body: 'hello' })).toMatchObject({ status: 202 });
    const [stored] = await eventsOf(hook);
    const [hidden] = ['[redacted]'];
    expect(stored!.headers).toMatchObject({
      authorization: hidden,
      cookie: hidden,
      'x-webhook-token': hidden,
      'x-other': 'kept',
    });
    expect(JSON.stringify(stored)).not.toMatch(/canary|open-sesame/);
  });
});
