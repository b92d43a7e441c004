import { beforeAll, describe, expect, test } from 'vitest';

import { pool } from '#server/db/pool.ts';
import { storeFailedRuns } from '#test/support/dead-letters.ts';
import { makeApiKey } from '#test/support/people.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';
import { publishFlow, type PublishedFlow } from '#test/worker/test-flow.ts';

const api = useApi();
let flow: PublishedFlow;
let other: PublishedFlow;
let runIds: string[];

const START = { id: 'start', type: 'core.manual' };
const POST = { id: 'post', type: 'http.request' };

beforeAll(async () => {
  const where = { db: pool(), workspaceId: api.workspaceId };
  flow = await publishFlow(where, { nodes: [START, POST], edges: 'start>post' });
  other = await publishFlow(where, { nodes: [START, POST], edges: 'start>post' });
  runIds = await storeFailedRuns(where, { flow, inputs: Array.from({ length: 12 }, (_, n) => ({ n })) });
  await storeFailedRuns(where, { flow: other, inputs: [{ n: 1 }], cause: 'timeout' });
});

async function itemsOf(id: string): Promise<{ position: number; runId: string; status: string }[]> {
  return (await api.call(`GET /bulk-actions/${id}/items?limit=200`)).body.data;
}

async function make(body: object): Promise<string> {
  const made = await api.call('POST /bulk-actions', body);
  expect([made.status, made.body.detail]).toEqual([201, undefined]);
  return made.body.id;
}

const discard = (rest: object = {}) => ({
  kind: 'discard',
  filter: { flow: flow.slug },
  reason: 'Old.',
  ...rest,
});

describe('making a bulk action', () => {
  test('a dry run counts, shows the oldest, and makes nothing', async () => {
    const reply = await api.call('POST /dead-letters/redrive', { dryRun: true });
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        total: 13,
        flows: [
          { flow: flow.slug, count: 12 },
          { flow: other.slug, count: 1 },
        ],
        sample: runIds.slice(0, 10),
      },
    ]);
    const limited = await api.call('POST /bulk-actions', discard({ limit: 3, dryRun: true }));
    expect(limited.body).toMatchObject({ total: 3, sample: runIds.slice(0, 3) });
    expect((await api.call('GET /bulk-actions')).body.data).toEqual([]);
  });

  test('fixes its items, oldest first, and records who made it and how', async () => {
    const { status, body } = await api.call('POST /dead-letters/redrive', {
      filter: { flow: flow.slug, runIds: [...runIds.slice(2, 7)].reverse() },
      limit: 4,
      ratePerSecond: 2.5,
      sampleSize: 2,
      mode: 'replay',
    });
    expect([status, body]).toMatchObject([
      201,
      {
        kind: 'redrive',
        status: 'running',
        isSample: false,
        filter: { flow: flow.slug },
        options: { mode: 'replay' },
        ratePerSecond: 2.5,
        sampleSize: 2,
        total: 4,
        counts: { pending: 4, done: 0, skipped: 0, failed: 0 },
        results: { failed: 0, queued: 0, succeeded: 0 },
        createdBy: 'owner key',
        finishedAt: null,
      },
    ]);
    const items = await itemsOf(body.id);
    expect(items.map(({ position, runId }) => [position, runId])).toEqual(
      runIds.slice(2, 6).map((id, n) => [n + 1, id]),
    );
    const { body: audit } = await api.call('GET /audit?limit=1');
    expect(audit.data).toMatchObject([
      {
        action: 'bulk_action.create',
        resource: `bulk_action:${body.id}`,
        detail: { kind: 'redrive', total: 4, mode: 'replay', ratePerSecond: 2.5 },
      },
    ]);
  });

  test('that takes nothing is done at once', async () => {
    const { body } = await api.call('POST /bulk-actions', discard({ filter: { flow: 'none' } }));
    expect(body).toMatchObject({ total: 0, status: 'done' });
    expect(body.finishedAt).not.toBeNull();
  });

  test('a replay takes runs of one flow, whatever became of them', async () => {
    const filter = { flow: flow.slug, status: ['failed', 'succeeded'], q: '{"n":1' };
    const { body } = await api.call('POST /bulk-actions', { kind: 'replay', filter, dryRun: true });
    expect(body).toEqual({
      total: 3,
      flows: [{ flow: flow.slug, count: 3 }],
      sample: [runIds[1], runIds[10], runIds[11]],
    });
    const none = { flow: flow.slug, status: ['succeeded'] };
    const empty = await api.call('POST /bulk-actions', { kind: 'replay', filter: none, dryRun: true });
    expect(empty.body.total).toBe(0);
  });

  test.each([
    ['no flow', { kind: 'replay', filter: {} }, '/filter/flow'],
    ['no reason', { kind: 'discard', filter: {} }, '/reason'],
    ['an unknown kind', { kind: 'delete', filter: {} }, '/kind'],
    ['a rate of nothing', { kind: 'redrive', filter: {}, ratePerSecond: 0 }, '/ratePerSecond'],
    ['an unknown setting', { kind: 'redrive', filter: { nodes: 'x' } }, '/filter/nodes'],
    [
      'a broken expression',
      { kind: 'replay', filter: { flow: 'x' }, inputExpression: '{' },
      '/inputExpression',
    ],
    [
      'a new body and a later start',
      { kind: 'replay', filter: { flow: 'x' }, inputExpression: 'trigger.body', from: 'post' },
      '/inputExpression',
    ],
  ])('is refused with %s', async (_, body, pointer) => {
    const reply = await api.call('POST /bulk-actions', body);
    expect(reply.status).toBe(400);
    expect(JSON.stringify(reply.body.errors)).toContain(pointer);
  });

  test('takes nothing of another workspace, and needs the right', async () => {
    const stranger = await makeApiWorkspace();
    const body = { filter: { runIds }, dryRun: true };
    const theirs = await api.call('POST /dead-letters/redrive', body, { key: stranger.key });
    expect(theirs.body).toMatchObject({ total: 0, flows: [], sample: [] });
    const viewer = await makeApiKey(api.workspaceId, 'viewer');
    expect((await api.call('POST /dead-letters/redrive', body, { key: viewer })).status).toBe(403);
  });

  test('is made once for one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'click-1' };
    const [one, two] = [
      await api.call('POST /bulk-actions', discard(), { headers }),
      await api.call('POST /bulk-actions', discard(), { headers }),
    ];
    expect(two.body.id).toBe(one.body.id);
  });
});

describe('changing a bulk action', () => {
  test('pause, continue, change the rate and cancel, each on the record', async () => {
    const id = await make(discard());
    const call = async (verb: string) => (await api.call(`POST /bulk-actions/${id}/${verb}`)).body;
    expect(await call('pause')).toMatchObject({ status: 'paused', isSample: false });
    expect(await call('pause')).toMatchObject({ status: 'paused' });
    expect((await api.call(`PATCH /bulk-actions/${id}`, { ratePerSecond: 7 })).body).toMatchObject({
      status: 'paused',
      ratePerSecond: 7,
    });
    expect(await dueAt(id)).toBeNull();
    expect(await call('continue')).toMatchObject({ status: 'running' });
    expect(await dueAt(id)).not.toBeNull();
    expect(
      (await api.call(`PATCH /bulk-actions/${id}`, { ratePerSecond: null })).body.ratePerSecond,
    ).toBeNull();
    expect(await call('cancel')).toMatchObject({ status: 'cancelled', counts: { pending: 12 } });
    expect(await dueAt(id)).toBeNull();
    expect(await call('cancel')).toMatchObject({ status: 'cancelled' });
    const { body: audit } = await api.call('GET /audit?limit=5');
    expect(audit.data.map(({ action }: { action: string }) => action)).toEqual([
      'bulk_action.cancel',
      'bulk_action.update',
      'bulk_action.continue',
      'bulk_action.update',
      'bulk_action.pause',
    ]);
    for (const verb of ['pause', 'continue'])
      expect((await api.call(`POST /bulk-actions/${id}/${verb}`)).status).toBe(409);
    expect((await api.call(`PATCH /bulk-actions/${id}`, { ratePerSecond: 1 })).status).toBe(409);
  });

  test('the list goes page by page, the newest first', async () => {
    const made = [await make(discard()), await make(discard())];
    const first = await api.call('GET /bulk-actions?limit=1');
    const second = await api.call(`GET /bulk-actions?limit=1&cursor=${first.body.next}`);
    expect([first, second].map(({ body }) => body.data[0].id)).toEqual(made.toReversed());
  });

  test('the items go page by page, by status', async () => {
    const id = await make(discard());
    const first = await api.call(`GET /bulk-actions/${id}/items?limit=5&status=pending`);
    const second = await api.call(`GET /bulk-actions/${id}/items?limit=200&cursor=${first.body.next}`);
    expect([...first.body.data, ...second.body.data].map(({ runId }) => runId)).toEqual(runIds);
    expect((await api.call(`GET /bulk-actions/${id}/items?status=failed`)).body.data).toEqual([]);
  });
});

async function dueAt(id: string): Promise<Date | null> {
  const { rows } = await pool().query<{ next_at: Date | null }>(
    'select next_at from bulk_action where id = $1',
    [id],
  );
  return rows[0]!.next_at;
}
