import { createHmac, randomUUID } from 'node:crypto';

import { beforeAll, describe, expect, test } from 'vitest';

import type { Capture } from '#core/api/captures.ts';
import type { JsonObject } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import { FLOW_CHANNEL } from '#server/live/channel.ts';
import { announceCapture } from '#server/live/flow-notices.ts';
import { subscribe } from '#server/live/hub.ts';
import { forgetCaptures } from '#server/sql/captures.ts';
import { callApi } from '#test/support/call-api.ts';
import {
  countStored,
  deliver,
  eventsOf,
  makeConnection,
  makeHook,
  unpublishHook,
} from '#test/support/hook-fixture.ts';
import { makeApiKey } from '#test/support/people.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { useHooks } from '#test/support/use-hooks.ts';
import { waitFor } from '#test/support/wait-for.ts';

const hooks = useHooks();
let key = '';

beforeAll(async () => {
  key = await makeApiKey(hooks.workspaceId, 'owner');
});

const api = (call: string, body?: unknown, as = key) => callApi(call, { key: as, body });

async function startCapture(slug: string, seconds = 60): Promise<Capture> {
  const { status, body } = await api(`POST /flows/${slug}/captures`, { seconds });
  expect(status, JSON.stringify(body)).toBe(201);
  return body as Capture;
}

async function readCapture(slug: string, { id }: Capture): Promise<Capture> {
  return (await api(`GET /flows/${slug}/captures/${id}`)).body as Capture;
}

async function captured(slug: string, capture: Capture): Promise<Capture> {
  return waitFor('the event to be captured', async () => {
    const now = await readCapture(slug, capture);
    return now.status === 'captured' ? now : undefined;
  });
}

/** A flow of a webhook that was never published. */
async function draft(slug: string, node: JsonObject = {}): Promise<void> {
  const hook = { id: 'hook', type: 'core.webhook', version: 1, config: {}, ...node };
  const { status, body } = await api(`PUT /flows/${slug}`, {
    format: 1,
    name: slug,
    slug,
    nodes: [hook],
    edges: [],
  });
  expect(status, JSON.stringify(body)).toBe(201);
}

const send = (path: string, headers: Record<string, string> = {}, body = '{"number":7}') =>
  deliver(hooks.server, path, { headers: { 'content-type': 'application/json', ...headers }, body });

const pathOf = ({ hookUrl }: Capture) => new URL(hookUrl ?? '').pathname;

describe('the next event of a published flow', () => {
  test('runs as ever, and is shown to whoever waits, without credentials', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: { method: 'ANY' } });
    const told: string[] = [];
    const stop = subscribe(FLOW_CHANNEL, (notice) => {
      if (notice.kind === 'capture') told.push(`${notice.flow} ${notice.id}`);
    });
    await waitFor('this process to listen', () => {
      announceCapture({ workspaceId: hooks.workspaceId, flow: hook.slug }, randomUUID());
      return told.length > 0;
    });
    const capture = await startCapture(hook.slug);
    expect(capture).toMatchObject({ status: 'waiting', event: null, runId: null });
    expect(pathOf(capture)).toBe(hook.path);

    const reply = await send(`${hook.path}?a=1`, { authorization: 'Bearer secret', 'x-shop': 'acme' });
    expect(reply.status).toBe(202);
    const done = await captured(hook.slug, capture);
    const [event] = await eventsOf(hook);
    expect(done).toMatchObject({
      runId: event!.run_id,
      event: {
        body: { number: 7 },
        method: 'POST',
        query: { a: '1' },
        headers: { authorization: '[redacted]', 'x-shop': 'acme' },
      },
    });
    expect(event!.run_id).toBe(reply.json?.['runId']);
    await waitFor('the open page to be told', () => told.includes(`${hook.slug} ${capture.id}`));
    stop();

    // One is enough: the next is an event like all others.
    await send(hook.path, {}, '{"number":8}');
    expect(await readCapture(hook.slug, capture)).toEqual(done);
    expect(await eventsOf(hook)).toHaveLength(2);
  });

  test('may be one that was seen before: a sender that repeats a delivery is how people test', async () => {
    const hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config: { dedupe: { $expr: 'trigger.body.number' } },
    });
    const first = await send(hook.path);
    const capture = await startCapture(hook.slug);
    expect((await send(hook.path)).json).toMatchObject({ duplicate: true });
    expect((await captured(hook.slug, capture)).runId).toBe(first.json?.['runId']);
    expect(await eventsOf(hook)).toHaveLength(1);
  });

  test('is told of when the flow does not take it', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: { method: 'PUT' } });
    const capture = await startCapture(hook.slug);
    expect((await send(hook.path)).status).toBe(405);
    const { status, refusal } = await waitFor('the refusal', async () => {
      const now = await readCapture(hook.slug, capture);
      return now.refusal ? now : undefined;
    });
    expect({ status, refusal }).toMatchObject({
      status: 'waiting',
      refusal: { status: 405, message: 'This flow takes PUT requests.' },
    });
  });
});

describe('what is sent to a draft', () => {
  test('is captured at the address that it will keep, is answered 410, and begins nothing', async () => {
    await draft('never-published');
    const capture = await startCapture('never-published');
    const before = await countStored();
    expect((await send(pathOf(capture))).status).toBe(410);
    const done = await captured('never-published', capture);
    expect(done).toMatchObject({ runId: null, event: { body: { number: 7 } } });
    expect(await countStored()).toEqual(before);
    const { body } = await api('POST /flows/never-published/publish');
    expect(body.hookUrl).toBe(capture.hookUrl);
  });

  test('is captured only with the signature that the draft asks for', async () => {
    const connection = await makeConnection(hooks.workspaceId, { secret: 'shh' });
    await draft('signed-draft', { connection, config: { verify: { scheme: 'github' } } });
    const capture = await startCapture('signed-draft');
    const signed = (secret: string) => ({
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update('{"number":7}').digest('hex')}`,
      'x-github-delivery': 'one',
    });
    expect((await send(pathOf(capture), signed('wrong'))).status).toBe(410);
    const refused = await waitFor('the refusal', async () => {
      const now = await readCapture('signed-draft', capture);
      return now.refusal ? now : undefined;
    });
    expect(refused).toMatchObject({ status: 'waiting', event: null, refusal: { status: 401 } });
    expect((await send(pathOf(capture), signed('shh'))).status).toBe(410);
    expect(await captured('signed-draft', capture)).toMatchObject({ refusal: null });
  });

  test('is not looked at when nobody waits, waits no longer, or waited too long', async () => {
    await draft('nobody-waits');
    const gone = await startCapture('nobody-waits');
    const path = pathOf(gone);
    expect((await api(`DELETE /flows/nobody-waits/captures/${gone.id}`)).status).toBe(204);
    expect((await send(path)).status).toBe(410);
    expect((await api(`GET /flows/nobody-waits/captures/${gone.id}`)).status).toBe(404);
    const { rows } = await pool().query(
      "SELECT FROM capture JOIN flow ON flow.id = flow_id WHERE slug = 'nobody-waits'",
    );
    expect(rows).toEqual([]);

    const late = await startCapture('nobody-waits');
    await pool().query('UPDATE capture SET expires_at = now() WHERE id = $1', [late.id]);
    expect((await send(path)).status).toBe(410);
    expect(await readCapture('nobody-waits', late)).toMatchObject({ status: 'expired', event: null });
    await pool().query("UPDATE capture SET expires_at = now() - interval '11 minutes' WHERE id = $1", [
      late.id,
    ]);
    await forgetCaptures(pool());
    expect((await api(`GET /flows/nobody-waits/captures/${late.id}`)).status).toBe(404);
  });

  test('of a flow that was taken off the air is judged by its draft', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    await unpublishHook(hook);
    const capture = await startCapture(hook.slug);
    expect((await send(hook.path)).status).toBe(410);
    await captured(hook.slug, capture);
    expect(await eventsOf(hook)).toEqual([]);
  });
});

describe('a wait', () => {
  test('is of one person, begun anew takes the place of the one before, and is audited', async () => {
    await draft('waits');
    const first = await startCapture('waits');
    const second = await startCapture('waits');
    expect((await api(`GET /flows/waits/captures/${first.id}`)).status).toBe(404);
    const other = await makeApiKey(hooks.workspaceId, 'owner');
    expect((await api(`GET /flows/waits/captures/${second.id}`, undefined, other)).status).toBe(404);
    expect((await api(`DELETE /flows/waits/captures/${second.id}`, undefined, other)).status).toBe(404);
    await api(`DELETE /flows/waits/captures/${second.id}`);
    const { rows } = await pool().query<{ action: string }>(
      'SELECT action FROM audit_entry WHERE resource = $1 ORDER BY id',
      [`capture:${second.id}`],
    );
    expect(rows.map(({ action }) => action)).toEqual(['capture.start', 'capture.end']);
  });

  test('is refused for a flow that no event is sent to', async () => {
    await api('PUT /flows/by-hand', manualFlow('by-hand'));
    const { status, body } = await api('POST /flows/by-hand/captures', {});
    expect({ status, type: body.type }).toEqual({ status: 409, type: '/problems/nothing_to_capture' });
    expect((await api('POST /flows/none/captures', {})).status).toBe(404);
  });
});
