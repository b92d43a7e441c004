import { randomUUID } from 'node:crypto';

import { beforeAll, describe, expect, test } from 'vitest';

import { pool } from '#server/db/pool.ts';
import { storeFailedRuns, type FailedRuns } from '#test/support/dead-letters.ts';
import { makeApiKey } from '#test/support/people.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';
import { publishFlow, type PublishedFlow } from '#test/worker/test-flow.ts';

const api = useApi();
let orders: PublishedFlow;
let stock: PublishedFlow;

const NODES = [
  { id: 'start', type: 'core.manual' },
  { id: 'post', type: 'http.request', label: 'Post the order' },
  { id: 'late', type: 'http.request' },
];
const hour = (n: number) => new Date(Date.UTC(2026, 2, 1, n));
const fail = (failed: FailedRuns) => storeFailedRuns({ db: pool(), workspaceId: api.workspaceId }, failed);

async function idsOf(query: string): Promise<string[]> {
  const { status, body } = await api.call(`GET /dead-letters?${query}`);
  expect([query, status]).toEqual([query, 200]);
  return body.data.map(({ runId }: { runId: string }) => runId);
}

let ids: Record<'a' | 'b' | 'whole' | 'late' | 'stock', string>;

beforeAll(async () => {
  const where = { db: pool(), workspaceId: api.workspaceId };
  orders = await publishFlow(where, { nodes: NODES, edges: 'start>post post>late' });
  stock = await publishFlow(where, { nodes: NODES, edges: 'start>post' });
  const [a, b] = await fail({
    flow: orders,
    inputs: [{ customer: 'Ada' }, { customer: 'Bob' }],
    at: hour(1),
  });
  const [whole] = await fail({ flow: orders, inputs: [{}], nodeId: null, cause: 'deadline', at: hour(2) });
  const [late] = await fail({ flow: orders, inputs: [{}], nodeId: 'late', cause: 'timeout', at: hour(3) });
  const [inStock] = await fail({ flow: stock, inputs: [{}], message: 'Out of \0 reach', at: hour(25) });
  ids = { a: a!, b: b!, whole: whole!, late: late!, stock: inStock! };
});

describe('the list', () => {
  test.each<[string, () => string, readonly (keyof typeof ids)[]]>([
    ['everything, newest first', () => '', ['stock', 'late', 'whole', 'b', 'a']],
    ['a flow', () => `flow=${stock.slug}`, ['stock']],
    ['a flow of no possible name', () => 'flow=%00', []],
    ['a node', () => 'nodeId=late', ['late']],
    ['runs that failed as a whole', () => 'nodeId=', ['whole']],
    ['a cause', () => 'cause=http_status%20503', ['stock', 'b', 'a']],
    ['a kind', () => 'errorKind=invalid', []],
    ['a time', () => `from=${hour(2).toISOString()}&to=${hour(25).toISOString()}`, ['late', 'whole']],
    ['a text of the body', () => 'q=ADA', ['a']],
    ['a text of the error', () => 'q=out%20of', ['stock']],
    ['all at once', () => `flow=${orders.slug}&nodeId=post&cause=http_status%20503&q=bob`, ['b']],
    ['an empty form', () => 'flow=&cause=&q=&errorKind=', ['stock', 'late', 'whole', 'b', 'a']],
    ['the redriven', () => 'state=redriven', []],
  ])('narrows by %s', async (_, query, expected) => {
    const found = await idsOf(query());
    const byRun = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
    // Those of one moment come in the order of their ids.
    expect(found.map((id) => byRun.get(id)).toSorted()).toEqual([...expected].toSorted());
    expect(found[0] === undefined || byRun.get(found[0]) === expected[0]).toBe(true);
  });

  test('goes page by page', async () => {
    const first = await api.call('GET /dead-letters?limit=2');
    const second = await api.call(`GET /dead-letters?limit=3&cursor=${first.body.next}`);
    const found = [...first.body.data, ...second.body.data].map(({ runId }) => runId);
    expect(new Set(found)).toEqual(new Set(Object.values(ids)));
    expect(second.body.next).toBeNull();
  });
});

describe('the groups', () => {
  test('say how many failed of what, when, and what the newest says', async () => {
    const query = `from=${hour(0).toISOString()}&to=${hour(24).toISOString()}`;
    const { body } = await api.call(`GET /dead-letters/groups?${query}`);
    expect(body).toMatchObject({ total: 4, from: hour(0).toISOString(), to: hour(24).toISOString() });
    expect(body.data).toHaveLength(3);
    const [largest] = body.data;
    expect(largest).toMatchObject({
      flow: orders.slug,
      nodeId: 'post',
      nodeLabel: 'Post the order',
      errorKind: 'transient',
      cause: 'http_status 503',
      count: 2,
      message: 'It answered 503',
      firstAt: hour(1).toISOString(),
      lastAt: hour(1).toISOString(),
      sampleRunId: [ids.a, ids.b].toSorted()[1],
    });
    expect(largest.buckets).toHaveLength(24);
    expect(largest.buckets[0]).toEqual({ at: hour(0).toISOString(), count: 0 });
    expect(largest.buckets[1]).toEqual({ at: hour(1).toISOString(), count: 2 });
    const whole = body.data.find(({ nodeId }: { nodeId: string | null }) => nodeId === null);
    expect(whole).toMatchObject({ nodeLabel: '', cause: 'deadline', count: 1 });
    const unnamed = body.data.find(({ nodeId }: { nodeId: string | null }) => nodeId === 'late');
    expect(unnamed.nodeLabel).toBe('HTTP request');
  });

  test('cover all time when none is asked for, and one flow when it is', async () => {
    const { body } = await api.call('GET /dead-letters/groups');
    expect(body).toMatchObject({ total: 5, from: hour(1).toISOString() });
    for (const group of body.data) {
      const counted = group.buckets.reduce((sum: number, part: { count: number }) => sum + part.count, 0);
      expect(counted).toBe(group.count);
    }
    const one = await api.call(`GET /dead-letters/groups?flow=${stock.slug}`);
    expect(one.body).toMatchObject({ total: 1, data: [{ flow: stock.slug, message: 'Out of \0 reach' }] });
    const none = await api.call('GET /dead-letters/groups?flow=none');
    expect(none.body).toMatchObject({ total: 0, data: [] });
    expect(Date.parse(none.body.to) - Date.parse(none.body.from)).toBe(86_400_000);
  });
});

describe('discarding', () => {
  test('closes a dead letter once, with its reason and who did it', async () => {
    const [id] = await fail({ flow: stock, inputs: [{}], cause: 'gone' });
    const discarded = await api.call(`POST /dead-letters/${id}/discard`, { reason: ' A test order. ' });
    expect(discarded).toMatchObject({
      status: 200,
      body: { runId: id, discardReason: 'A test order.', redrivenAt: null, flow: stock.slug },
    });
    expect(discarded.body.discardedAt).not.toBeNull();
    expect(await idsOf('cause=gone')).toEqual([]);
    expect(await idsOf('cause=gone&state=discarded')).toEqual([id]);
    const again = await api.call(`POST /dead-letters/${id}/discard`, { reason: 'Again' });
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('discarded already')]);
    const { body: audit } = await api.call('GET /audit?limit=1');
    expect(audit.data).toMatchObject([
      {
        action: 'dead_letter.discard',
        resource: `dead_letter:${id}`,
        detail: { flow: stock.slug, reason: 'A test order.' },
      },
    ]);
  });

  test('takes a reason, the right, and a dead letter of this workspace', async () => {
    const [id] = await fail({ flow: stock, inputs: [{}], cause: 'kept' });
    for (const reason of [undefined, '  ', 'a\0b', 'x'.repeat(2_001)])
      expect((await api.call(`POST /dead-letters/${id}/discard`, { reason })).status).toBe(400);
    const viewer = await makeApiKey(api.workspaceId, 'viewer');
    const stranger = (await makeApiWorkspace()).key;
    const discard = (key: string) => api.call(`POST /dead-letters/${id}/discard`, { reason: 'x' }, { key });
    expect([(await discard(viewer)).status, (await discard(stranger)).status]).toEqual([403, 404]);
    expect((await api.call(`POST /dead-letters/${randomUUID()}/discard`, { reason: 'x' })).status).toBe(404);
    expect(await idsOf('cause=kept')).toEqual([id]);
  });

  test('by two people at once happens once', async () => {
    const [id] = await fail({ flow: stock, inputs: [{}] });
    const replies = await Promise.all(
      ['one', 'two', 'three'].map((reason) => api.call(`POST /dead-letters/${id}/discard`, { reason })),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  });
});
