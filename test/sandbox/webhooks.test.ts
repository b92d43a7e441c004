import { createHmac } from 'node:crypto';

import { describe, expect, onTestFinished, test } from 'vitest';

import type { Acme, AcmeOptions } from '#sandbox/start-acme.ts';
import { callAcme, connect, postForm } from '#test/support/acme.ts';
import { startSink, type Sink, type SinkRequest } from '#test/support/sink.ts';
import { useAcme } from '#test/support/use-acme.ts';
import { waitFor } from '#test/support/wait-for.ts';

const startAcme = useAcme();
const QUICK = [1, 1, 1];

interface Listener {
  readonly acme: Acme;
  readonly sink: Sink;
  readonly token: string;
  readonly webhook: { readonly id: string; readonly secret: string; readonly expiresAt: string };
}

async function newSink(): Promise<Sink> {
  const sink = await startSink();
  onTestFinished(() => sink.stop());
  return sink;
}

/** Acme with a webhook that leads to a sink. */
async function listening(options: AcmeOptions & { events?: readonly string[] } = {}): Promise<Listener> {
  const sink = await newSink();
  const { events = ['contact.created', 'contact.updated', 'deal.created', 'deal.updated'], ...rest } =
    options;
  const acme = await startAcme({ retryPausesMs: QUICK, patchbayUrl: sink.url, ...rest });
  const { access_token: token } = await connect(acme);
  const reply = await callAcme(acme, token, '/webhooks', { body: { url: `${sink.url}/hooks/x`, events } });
  expect(reply.status).toBe(201);
  return { acme, sink, token, webhook: (await reply.json()) as Listener['webhook'] };
}

async function addContact({ acme }: Pick<Listener, 'acme'>, email: string): Promise<void> {
  expect((await postForm(acme, '/contacts', { name: 'New', email })).status).toBe(303);
}

/** The state of the latest delivery, as the page shows it. */
async function latestState(acme: Acme): Promise<string | undefined> {
  const page = await (await fetch(`${acme.url}/webhooks`)).text();
  return /<span class="chip is-(\w+)">/.exec(page)?.[1];
}

function isSignedWith(secret: string, request: SinkRequest | undefined): boolean {
  const [, t = '', v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request?.headers['acme-signature'])) ?? [];
  const body = request?.body ?? Buffer.alloc(0);
  const digest = createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.from(`${t}.`), body]))
    .digest('hex');
  return digest === v1 && Math.abs(Number(t) - Date.now() / 1_000) < 60;
}

describe('an event', () => {
  test('is sent with the record, an id and a signature over the very bytes', async () => {
    const { acme, sink, webhook } = await listening();
    await postForm(acme, '/contacts', { name: 'Zoë Ω', email: 'zoe@example.com' });
    const [event] = await sink.waitFor('/hooks/x', 1);
    expect(event?.method).toBe('POST');
    expect(isSignedWith(webhook.secret, event)).toBe(true);
    expect(isSignedWith(`${webhook.secret}x`, event)).toBe(false);
    expect(event?.json()).toEqual({
      id: event?.headers['acme-event-id'],
      type: 'contact.created',
      createdAt: expect.any(String) as string,
      data: expect.objectContaining({ name: 'Zoë Ω', email: 'zoe@example.com' }) as object,
    });
    await waitFor('the delivery', async () => (await latestState(acme)) === 'delivered');
  });

  test('tells of each change, made by the API or on the pages, and of nothing else', async () => {
    const { acme, sink, token } = await listening();
    await addContact({ acme }, 'a@example.com');
    await postForm(acme, '/contacts/con_sample1', { name: 'Renamed', email: 'r@example.com' });
    const deal = { contactId: 'con_sample1', title: 'x', amount: 1, stage: 'lead' };
    const { id } = (await (await callAcme(acme, token, '/deals', { body: deal })).json()) as { id: string };
    await postForm(acme, `/deals/${id}/stage`, { stage: 'won' });
    await callAcme(acme, token, '/deals');
    await postForm(acme, '/contacts', { name: 'Refused', email: 'no address' });
    const events = await sink.waitFor('/hooks/x', 4);
    expect(events.map((event) => (event.json() as { type: string }).type).sort()).toEqual([
      'contact.created',
      'contact.updated',
      'deal.created',
      'deal.updated',
    ]);
  });

  test('goes to those who asked for its kind', async () => {
    const { acme, sink } = await listening({ events: ['deal.created'] });
    await addContact({ acme }, 'a@example.com');
    await postForm(acme, '/deals', { contactId: 'con_sample1', title: 'x', amount: '1', stage: 'lead' });
    const [event] = await sink.waitFor('/hooks/x', 1);
    expect(event?.json()).toMatchObject({ type: 'deal.created', data: { title: 'x', amount: 1 } });
    expect(sink.requests).toHaveLength(1);
  });

  test('is sent again, signed anew, until its receiver takes it', async () => {
    const { acme, sink, webhook } = await listening();
    const headers = { location: `${sink.url}/elsewhere` };
    sink.reply('/hooks/x', (_request, before) => ({ status: [500, 307, 202][before] ?? 202, headers }));
    await addContact({ acme }, 'a@example.com');
    await waitFor('the delivery', async () => (await latestState(acme)) === 'delivered');
    const tries = sink.at('/hooks/x');
    expect(tries).toHaveLength(3);
    expect(sink.at('/elsewhere')).toEqual([]);
    expect(new Set(tries.map(({ body }) => body.toString())).size).toBe(1);
    expect(new Set(tries.map(({ headers }) => headers['acme-event-id'])).size).toBe(1);
    for (const each of tries) expect(isSignedWith(webhook.secret, each)).toBe(true);
  });

  test('is given up after all tries, and can be sent again from the page under its old id', async () => {
    const { acme, sink } = await listening();
    sink.reply('/hooks/x', { hangUp: true });
    await addContact({ acme }, 'a@example.com');
    await waitFor('Acme to give up', async () => (await latestState(acme)) === 'failed');
    expect(sink.at('/hooks/x')).toHaveLength(QUICK.length + 1);
    sink.reply('/hooks/x', { status: 202 });
    const page = await (await fetch(`${acme.url}/webhooks`)).text();
    const path = /action="(\/deliveries\/\w+\/again)"/.exec(page)?.[1] ?? '';
    expect((await postForm(acme, path)).status).toBe(303);
    await waitFor('the delivery', async () => (await latestState(acme)) === 'delivered');
    const ids = sink.at('/hooks/x').map(({ headers }) => headers['acme-event-id']);
    expect(ids).toHaveLength(QUICK.length + 2);
    expect(new Set(ids).size).toBe(1);
  });
});

describe('a webhook', () => {
  test('shows its secret once, and is its owner’s alone', async () => {
    const { acme, token, webhook } = await listening();
    const list = await (await callAcme(acme, token, '/webhooks')).text();
    expect(list).toContain(webhook.id);
    expect(list).not.toContain(webhook.secret);
    const machine = await fetch(acme.tokenUrl, {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${acme.machineClient.id}:${acme.machineClient.secret}`)}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'webhooks:manage' }),
    });
    const { access_token: other } = (await machine.json()) as { access_token: string };
    expect(await (await callAcme(acme, other, '/webhooks')).json()).toEqual({ data: [] });
    const path = `/webhooks/${webhook.id}`;
    expect((await callAcme(acme, other, path, { method: 'DELETE' })).status).toBe(404);
    expect((await callAcme(acme, other, `${path}/renew`, { method: 'POST' })).status).toBe(404);
  });

  test('is told nothing once it is deleted', async () => {
    const { acme, sink, token, webhook } = await listening();
    const path = `/webhooks/${webhook.id}`;
    expect((await callAcme(acme, token, path, { method: 'DELETE' })).status).toBe(204);
    expect((await callAcme(acme, token, path, { method: 'DELETE' })).status).toBe(404);
    await addContact({ acme }, 'a@example.com');
    expect(await latestState(acme)).toBeUndefined();
    expect(sink.requests).toHaveLength(0);
  });

  test('lives for 24 hours, and longer when it is renewed', async () => {
    const { acme, token, webhook } = await listening();
    const hours = (Date.parse(webhook.expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    // Acme's moments go on by a millisecond each, ahead of the clock when much happens in one.
    expect(hours).toBeLessThan(24.001);
    const renewed = await callAcme(acme, token, `/webhooks/${webhook.id}/renew`, { method: 'POST' });
    const { expiresAt } = (await renewed.json()) as { expiresAt: string };
    expect(expiresAt > webhook.expiresAt).toBe(true);
  });

  test('is told nothing when it has expired, until it is renewed', async () => {
    const { acme, sink, token, webhook } = await listening({ webhookSeconds: 1 });
    await waitFor('the webhook to expire', () => Date.now() > Date.parse(webhook.expiresAt));
    await addContact({ acme }, 'a@example.com');
    expect(await latestState(acme)).toBeUndefined();
    await callAcme(acme, token, `/webhooks/${webhook.id}/renew`, { method: 'POST' });
    await addContact({ acme }, 'b@example.com');
    const [event] = await sink.waitFor('/hooks/x', 1);
    expect(event?.json()).toMatchObject({ data: { email: 'b@example.com' } });
  });

  test('ends with the connection that made it', async () => {
    const { acme, sink } = await listening();
    const page = await (await fetch(`${acme.url}/apps`)).text();
    const path = /action="(\/apps\/[\w-]+\/revoke)"/.exec(page)?.[1] ?? '';
    await postForm(acme, path);
    await addContact({ acme }, 'a@example.com');
    expect(await latestState(acme)).toBeUndefined();
    expect(sink.requests).toHaveLength(0);
  });

  test('leads to Patchbay only: flows must not reach the network behind Acme', async () => {
    const { acme, token } = await listening();
    for (const url of [
      'http://127.0.0.1:1/x',
      'http://169.254.169.254/',
      'https://example.com/x',
      'file:///x',
    ]) {
      const reply = await callAcme(acme, token, '/webhooks', { body: { url, events: ['deal.created'] } });
      expect(reply.status).toBe(422);
      expect(await reply.json()).toMatchObject({ error: { fields: [{ field: 'url' }] } });
    }
  });

  test('wants events that there are, each once', async () => {
    const { acme, sink, token } = await listening();
    for (const events of [[], ['contact.deleted'], ['deal.created', 'deal.created']]) {
      const reply = await callAcme(acme, token, '/webhooks', { body: { url: sink.url, events } });
      expect(reply.status).toBe(422);
    }
  });
});
