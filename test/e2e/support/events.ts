import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

import { sign } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';

/** A request as a service sends it to a hook. */
export interface SignedEvent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface GitHubExample {
  readonly name: string;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly GitHubExample[];

/** The first of GitHub's example deliveries with this name, and this action where one is given. */
export function gitHubExample(name: string, action?: string): Readonly<Record<string, unknown>> {
  const all = examples.find((event) => event.name === name)?.examples ?? [];
  const found = all.find((example) => action === undefined || example['action'] === action);
  if (!found) throw new Error(`GitHub's examples have no ${name} ${action ?? ''}.`);
  return found;
}

/** Signed with GitHub's own library. */
export async function gitHubEvent(name: string, payload: unknown, secret: string): Promise<SignedEvent> {
  const body = JSON.stringify(payload);
  const headers = {
    'content-type': 'application/json',
    'x-github-event': name,
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': await sign(secret, body),
  };
  return { body, headers };
}

/** Signed with Stripe's own library. */
export function stripeEvent(payload: unknown, secret: string): SignedEvent {
  const body = JSON.stringify(payload, null, 2);
  const signature = new Stripe('sk_test_unused').webhooks.generateTestHeaderString({ payload: body, secret });
  return {
    body,
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
  };
}

/** Signed with the reference library of Standard Webhooks. */
export function standardWebhooksEvent(payload: unknown, secret: string): SignedEvent {
  const body = JSON.stringify(payload);
  const id = `msg_${randomBytes(12).toString('hex')}`;
  const now = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
  return { body, headers };
}

/** Signed as Slack documents it: `v0:<time>:<body>`, in hexadecimal. */
export function slackEvent(payload: unknown, secret: string): SignedEvent {
  const body = JSON.stringify(payload);
  const time = Math.floor(Date.now() / 1000);
  const digest = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': String(time),
    'x-slack-signature': `v0=${digest}`,
  };
  return { body, headers };
}

/** Signed as Shopify documents it: the body, in base64. */
export function shopifyEvent(topic: string, payload: unknown, secret: string): SignedEvent {
  const body = JSON.stringify(payload);
  const headers = {
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-webhook-id': randomUUID(),
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
  };
  return { body, headers };
}

/** Posts an event to a hook and returns the id of the run that it started. */
export async function postEvent(hookUrl: string, { body, headers }: SignedEvent): Promise<string> {
  const reply = await fetch(hookUrl, { method: 'POST', headers, body });
  const text = await reply.text();
  if (reply.status !== 202) throw new Error(`The hook answered ${reply.status}: ${text}`);
  const { runId } = JSON.parse(text) as { runId: string };
  return runId;
}
