import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import type { JsonObject } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { deliver, eventsOf, makeHook, type TestHook } from '#test/support/hook-fixture.ts';
import { useHooks } from '#test/support/use-hooks.ts';
import { waitFor } from '#test/support/wait-for.ts';

const hooks = useHooks();
const FINISHED: JsonObject = { respond: 'finished', respondTimeoutSeconds: 10 };

interface End {
  readonly status?: string;
  readonly reply?: JsonObject;
  readonly output?: unknown;
}

/** Ends the hook's one run the way a worker does: the row, then the notification. */
async function endRun(hook: TestHook, { status = 'succeeded', reply, output }: End): Promise<string> {
  const runId = await waitFor('the run', async () => (await eventsOf(hook))[0]?.run_id);
  const isEnd = status !== 'running';
  await pool().query(
    `UPDATE run SET status = $2::run_status, reply = $3::jsonb, output = $4::jsonb, finished_at = CASE WHEN $5 THEN now() END WHERE id = $1`,
    [
      runId,
      status,
      reply ? JSON.stringify(reply) : null,
      output === undefined ? null : JSON.stringify(output),
      isEnd,
    ],
  );
  publishRunChanges([
    { id: runId, workspaceId: hook.workspaceId, flow: hook.slug, status: status as 'running' },
  ]);
  return runId;
}

async function replyOf(end: End, config: JsonObject = FINISHED) {
  const hook = await makeHook({ workspaceId: hooks.workspaceId, config });
  const reply = deliver(hooks.server, hook.path, { body: 'x' });
  const runId = await endRun(hook, end);
  return { reply: await reply, runId, hook };
}

describe('respond: finished', () => {
  it('answers what the flow answers', async () => {
    const { reply, runId, hook } = await replyOf({
      reply: {
        status: 201,
        headers: { 'X-Order': 'A-1', Location: '/orders/1' },
        body: { ok: [1, null, 'é'] },
      },
    });
    expect(reply).toMatchObject({ status: 201, json: { ok: [1, null, 'é'] } });
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json',
      'x-order': 'A-1',
      location: '/orders/1',
      'patchbay-run-id': runId,
      'patchbay-event-id': (await eventsOf(hook))[0]!.id,
    });
  });

  it('answers as soon as the reply is set, though the run goes on', async () => {
    const { reply } = await replyOf({
      status: 'running',
      reply: { status: 200, headers: {}, body: 'early' },
    });
    expect(reply).toMatchObject({
      status: 200,
      text: 'early',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  });

  it('answers the output of a run that set no reply', async () => {
    expect((await replyOf({ output: { total: 3 } })).reply).toMatchObject({
      status: 200,
      json: { total: 3 },
    });
  });

  it('answers 500 with the ids alone for a run that failed without a reply', async () => {
    const { reply, runId, hook } = await replyOf({ status: 'failed' });
    const eventId = (await eventsOf(hook))[0]!.id;
    expect(reply).toMatchObject({ status: 500, json: { eventId, runId, status: 'failed' } });
  });

  it('answers 504 with the ids in time, and the run is untouched', async () => {
    const hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config: { ...FINISHED, respondTimeoutSeconds: 1 },
    });
    const startedAt = performance.now();
    const reply = await deliver(hooks.server, hook.path, { body: 'x' });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    const [stored] = await eventsOf(hook);
    expect(reply).toMatchObject({ status: 504, json: { runId: stored!.run_id, eventId: stored!.id } });
    expect(stored!.run_status).toBe('queued');
  });

  it('answers a duplicate with the reply of the first run', async () => {
    const config = { ...FINISHED, dedupe: { $expr: '"same"' } };
    const { reply, runId, hook } = await replyOf(
      { reply: { status: 200, headers: {}, body: 'first' } },
      config,
    );
    expect(reply.headers).not.toHaveProperty('patchbay-duplicate');
    const again = await deliver(hooks.server, hook.path, { body: 'x' });
    expect(again).toMatchObject({
      status: 200,
      text: 'first',
      headers: { 'patchbay-duplicate': 'true', 'patchbay-run-id': runId },
    });
    expect(await eventsOf(hook)).toHaveLength(1);
  });

  it('lets go of a caller that leaves', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: FINISHED });
    const gone = AbortSignal.timeout(300);
    await expect(
      fetch(`${hooks.server.url}${hook.path}`, { method: 'POST', body: 'x', signal: gone }),
    ).rejects.toThrow();
    expect(await eventsOf(hook)).toHaveLength(1);
  });
});

describe('a flow’s reply cannot act as this site', () => {
  it('HTML and SVG come sandboxed, and no flow can loosen that', async () => {
    for (const type of ['text/html', 'image/svg+xml']) {
      const { reply } = await replyOf({
        reply: {
          status: 200,
          headers: {
            'Content-Type': type,
            'content-security-policy': "script-src 'unsafe-inline'",
            'X-Content-Type-Options': 'x',
          },
          body: '<script>alert(document.domain)</script>',
        },
      });
      expect(reply.headers['content-type']).toBe(type);
      expect(reply.headers['content-security-policy']).toMatch(/^sandbox;/);
      expect(reply.headers['content-security-policy']).not.toMatch(/allow-same-origin|allow-scripts|unsafe/);
      expect(reply.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('scripts and styles come as text', async () => {
    for (const type of [
      'text/javascript',
      'application/x-javascript; charset=utf-8',
      'text/css',
      'APPLICATION/ECMASCRIPT',
    ]) {
      const { reply } = await replyOf({
        reply: { status: 200, headers: { 'content-type': type }, body: 'alert(1)' },
      });
      expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
    }
  });

  it('drops headers that frame the message, set cookies or act on the site, and those that HTTP cannot carry', async () => {
    const headers = {
      'Set-Cookie': 'session=stolen',
      'Transfer-Encoding': 'chunked',
      'Content-Length': '9999',
      'Content-Encoding': 'gzip',
      Connection: 'upgrade',
      'Strict-Transport-Security': 'max-age=0',
      'Clear-Site-Data': '"*"',
      'Service-Worker-Allowed': '/',
      'Bad Name': 'x',
      'X-Split': 'a\r\nSet-Cookie: b=c',
      'X-Good': 'kept',
    };
    const { reply } = await replyOf({ reply: { status: 200, headers, body: 'text' } });
    expect(reply).toMatchObject({ status: 200, text: 'text', headers: { 'x-good': 'kept' } });
    for (const name of [
      'set-cookie',
      'content-encoding',
      'strict-transport-security',
      'clear-site-data',
      'service-worker-allowed',
      'x-split',
    ])
      expect(reply.headers).not.toHaveProperty(name);
  });

  it.each([
    [42, 500],
    [99, 500],
    [100, 500],
    [700, 500],
    [204, 204],
    [304, 304],
    [599, 599],
  ])('status %i is sent as %i', async (given, sent) => {
    expect((await replyOf({ reply: { status: given, headers: {}, body: 'x' } })).reply.status).toBe(sent);
  });
});

describe('Slack’s url_verification', () => {
  const body = JSON.stringify({
    type: 'url_verification',
    challenge: '3eZbrw1aB10FEMAGAZd4FyFQ',
    token: 'x',
  });
  const headersFor = (secret: string) => {
    const time = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex');
    return {
      'content-type': 'application/json',
      'x-slack-request-timestamp': time,
      'x-slack-signature': `v0=${signature}`,
    };
  };

  it('is answered when rightly signed, and starts nothing; never otherwise', async () => {
    const config = { verify: { scheme: 'slack' } };
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config, fields: { secret: 's' } });
    const right = await deliver(hooks.server, hook.path, { headers: headersFor('s'), body });
    expect(right).toMatchObject({ status: 200, json: { challenge: '3eZbrw1aB10FEMAGAZd4FyFQ' } });
    const wrong = await deliver(hooks.server, hook.path, { headers: headersFor('other'), body });
    expect(wrong).toMatchObject({ status: 401, text: '' });
    await sleep(20);
    expect(await eventsOf(hook)).toEqual([]);
  });

  it('is an event like any other where the scheme is not Slack’s', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    expect(await deliver(hooks.server, hook.path, { headers: headersFor('s'), body })).toMatchObject({
      status: 202,
    });
  });

  it('Slack’s events are told apart by event_id', async () => {
    const hook = await makeHook({
      workspaceId: hooks.workspaceId,
      config: { verify: { scheme: 'slack' } },
      fields: { secret: 's' },
    });
    const event = JSON.stringify({ type: 'event_callback', event_id: 'Ev123' });
    const time = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', 's').update(`v0:${time}:${event}`).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'x-slack-request-timestamp': time,
      'x-slack-signature': `v0=${signature}`,
    };
    const first = await deliver(hooks.server, hook.path, { headers, body: event });
    const again = await deliver(hooks.server, hook.path, {
      headers: { ...headers, 'x-slack-retry-num': '1' },
      body: event,
    });
    expect(again.json).toEqual({ ...first.json, duplicate: true });
    expect(await eventsOf(hook)).toMatchObject([{ dedupe_key: 'Ev123' }]);
  });
});
