import { fork, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { JsonObject } from '#core/json.ts';
import { drainIngress } from '#server/ingress/drain-ingress.ts';
import { flushNotices } from '#server/live/outbox.ts';
import { stopListening } from '#server/live/hub.ts';
import { deliver, startHookServer, type HookServer } from '#test/support/hook-fixture.ts';
import { readRun, useWorkers, whenRun, type TestFlow } from './worker-fixture.ts';

const fixture = useWorkers();
let near: HookServer;
let far: { url: string };
let farProcess: ChildProcess;

beforeAll(async () => {
  near = await startHookServer();
  farProcess = fork(resolve(import.meta.dirname, '../support/web-process.ts'), { stdio: 'inherit' });
  far = await new Promise((done) =>
    farProcess.once('message', (message) => done(message as { url: string })),
  );
  await fixture.startWorker();
});
afterAll(async () => {
  farProcess.disconnect();
  await near.stop();
  await drainIngress();
  await flushNotices();
  await stopListening();
});

async function publishHook(config: JsonObject, rest: TestFlow): Promise<string> {
  const flow = await fixture.publish({
    ...rest,
    nodes: [{ id: 'hook', type: 'core.webhook', config }, ...rest.nodes],
  });
  await fixture.db.query('update flow set published_version = 1 where id = $1', [flow.id]);
  const token = randomBytes(24).toString('base64url');
  await fixture.db.query(
    'insert into hook (id, workspace_id, flow_id, token, token_hash) values ($1, $2, $3, $4, $5)',
    [randomUUID(), fixture.workspaceId, flow.id, token, createHash('sha256').update(token).digest()],
  );
  return `/hooks/${token}`;
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('a webhook that answers when the flow is finished', () => {
  test('gets its answer from a run that waited in between, in each web process that asks', async () => {
    const path = await publishHook(
      { respond: 'finished', dedupe: { $expr: 'trigger.body.id' } },
      {
        nodes: [
          { id: 'wait', type: 'core.wait', config: { seconds: 1 } },
          { id: 'map', type: 'core.map', config: { output: { doubled: { $expr: 'trigger.body.n * 2' } } } },
        ],
        edges: 'hook>wait wait>map',
      },
    );
    const body = JSON.stringify({ id: 'a', n: 4 });
    const before = performance.now();
    const replies = await Promise.all([
      deliver(near, path, { headers: JSON_TYPE, body }),
      deliver(far as HookServer, path, { headers: JSON_TYPE, body }),
    ]);
    expect(performance.now() - before).toBeGreaterThan(950);
    expect(performance.now() - before).toBeLessThan(6_000);
    for (const reply of replies) expect([reply.status, reply.json]).toEqual([200, { doubled: 8 }]);
    const [first, second] = replies.map(({ headers }) => headers['patchbay-run-id']);
    expect(first).toBe(second);
  });

  test('is answered by core.respond at once, while the flow goes on', async () => {
    const path = await publishHook(
      { respond: 'finished' },
      {
        nodes: [
          {
            id: 'respond',
            type: 'core.respond',
            config: { status: 201, body: { got: { $expr: 'trigger.body.n' } } },
          },
          { id: 'wait', type: 'core.wait', config: { seconds: 4 } },
        ],
        edges: 'hook>respond respond>wait',
      },
    );
    const reply = await deliver(far as HookServer, path, { headers: JSON_TYPE, body: '{"n":5}' });
    expect([reply.status, reply.json]).toEqual([201, { got: 5 }]);
    const runId = String(reply.headers['patchbay-run-id']);
    expect(['running', 'waiting']).toContain((await readRun(fixture, runId)).status);
    expect(await whenRun(fixture, runId)).toMatchObject({ status: 'succeeded', output: { got: 5 } });
  });

  test('keeps events of one key in line', async () => {
    const path = await publishHook(
      { respond: 'finished' },
      {
        nodes: [{ id: 'wait', type: 'core.wait', config: { seconds: 0.3 } }],
        edges: 'hook>wait',
        settings: { concurrency: { key: { $expr: 'trigger.body.customer' }, limit: 1 } },
      },
    );
    const send = (customer: string) =>
      deliver(near, path, { headers: JSON_TYPE, body: JSON.stringify({ customer }) });
    const replies = await Promise.all(['a', 'a', 'a', 'b'].map(send));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const { rows } = await fixture.db.query<{ key: string; most: number }>(
      `select a.concurrency_key as key, max((select count(*)::int from run b where b.concurrency_key = a.concurrency_key
         and b.started_at <= a.started_at and b.finished_at > a.started_at)) as most
       from run a where a.concurrency_key like '=%' group by 1 order by 1`,
    );
    expect(rows).toEqual([
      { key: '=a', most: 1 },
      { key: '=b', most: 1 },
    ]);
  });
});
