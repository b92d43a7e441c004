import { randomUUID } from 'node:crypto';

import { beforeAll, describe, expect, test } from 'vitest';

import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';
import { emptyFlow } from '#test/support/sample-flows.ts';

const api = useApi();
const ITEMS = 10_000;
const runs = { large: '', nested: '' };

const node = (id: string, more: Partial<FlowNode> = {}): FlowNode => ({
  id,
  type: 'core.map',
  version: 1,
  config: {},
  ...more,
});

/** `each` repeats `call`, `handled` and the loop `inner`, which repeats `leaf`; `undo` undoes `call`. */
const DOCUMENT: FlowDocument = {
  ...emptyFlow('looped'),
  nodes: [
    node('start'),
    node('each'),
    node('call', { parent: 'each', compensate: 'undo' }),
    node('handled', { parent: 'each', onError: 'continue' }),
    node('inner', { parent: 'each' }),
    node('leaf', { parent: 'inner' }),
    node('undo', { parent: 'each' }),
    node('other'),
    node('single', { parent: 'other' }),
  ],
};

beforeAll(async () => {
  runs.large = await makeRun();
  runs.nested = await makeRun();
  await addSteps(runs.large, [
    ['each', '', 'running', { input: { items: Array.from({ length: ITEMS }, (_, index) => index) } }],
  ]);
  // Every 1,000th call failed; the last ten are under way.
  await pool().query(
    `INSERT INTO step (run_id, node_id, key, status, started_at, finished_at, output, error)
     SELECT $1, 'call', i::text,
       (CASE WHEN i >= $2 - 10 THEN 'running' WHEN i % 1000 = 0 THEN 'failed' ELSE 'succeeded' END)::step_status,
       now(), CASE WHEN i < $2 - 10 THEN now() END, to_json(repeat('x', 200)),
       CASE WHEN i % 1000 = 0 THEN '{"kind":"invalid","code":"boom","message":"It broke"}'::jsonb END
     FROM generate_series(0, $2 - 1) AS i`,
    [runs.large, ITEMS],
  );
  await pool().query(
    `INSERT INTO step (run_id, node_id, key, status, started_at, finished_at)
     SELECT $1, 'handled', i::text, 'failed', now(), now() FROM generate_series(0, $2 - 11) AS i`,
    [runs.large, ITEMS],
  );
  await addSteps(runs.nested, [
    ['start', '', 'succeeded'],
    ['each', '', 'waiting', { input: { items: ['a', 'b'] } }],
    ['call', '0', 'succeeded'],
    ['undo', '0', 'failed'],
    ['call', '1', 'succeeded'],
    ['inner', '1', 'waiting', { input: { items: [1, 2, 3] } }],
    ['leaf', '1.0', 'succeeded'],
    ['leaf', '1.1', 'failed'],
    ['leaf', '1.2', 'waiting'],
    ['other', '', 'succeeded', { input: { items: ['c', 'd'] } }],
    ['single', '0', 'cancelled'],
    ['single', '1', 'in_doubt'],
  ]);
});

describe('a run with its loops folded', () => {
  test('carries the steps outside of loops alone', async () => {
    const folded = await api.call(`GET /runs/${runs.nested}?loops=folded`);
    expect(folded.body.steps.map((step: { nodeId: string }) => step.nodeId).sort()).toEqual([
      'each',
      'other',
      'start',
    ]);
    expect((await api.call(`GET /runs/${runs.nested}`)).body.steps).toHaveLength(12);
    expect((await api.call(`GET /runs/${runs.nested}?loops=some`)).status).toBe(400);
  });

  test('counts what is in them', async () => {
    const { status, body } = await api.call(`GET /runs/${runs.nested}/loops`);
    expect(status).toBe(200);
    expect(body.loops).toMatchObject([
      { nodeId: 'each', key: '', items: 2, iterations: { succeeded: 1, waiting: 1, failed: 0 } },
      { nodeId: 'other', key: '', items: 2, iterations: { cancelled: 1, in_doubt: 1 } },
    ]);
    const leaf = body.nodes.find(({ nodeId }: { nodeId: string }) => nodeId === 'leaf');
    expect(leaf.steps).toMatchObject({ succeeded: 1, failed: 1, waiting: 1 });
  });

  test('counts the loops inside of one iteration', async () => {
    const { body } = await api.call(`GET /runs/${runs.nested}/loops?within=each&path=1`);
    expect(body.loops).toMatchObject([
      { nodeId: 'inner', key: '1', items: 3, iterations: { succeeded: 1, failed: 1, waiting: 1 } },
    ]);
    expect((await api.call(`GET /runs/${runs.nested}/loops?within=each&path=0`)).body.loops).toEqual([]);
  });
});

describe('the iterations of a loop', () => {
  test('are what their steps are; a failure that the flow handles fails none, nor does an undo', async () => {
    const { body } = await api.call(`GET /runs/${runs.nested}/loops/each/iterations`);
    expect(body).toMatchObject({
      data: [
        { key: '0', index: 0, status: 'succeeded', error: null },
        { key: '1', index: 1, status: 'waiting', finishedAt: null },
      ],
      next: null,
    });
  });

  test('are listed inside of another iteration, and their steps with those around them', async () => {
    const list = await api.call(`GET /runs/${runs.nested}/loops/inner/iterations?path=1`);
    expect(list.body.data).toMatchObject([{ key: '1.0' }, { key: '1.1', status: 'failed' }, { key: '1.2' }]);
    const one = await api.call(`GET /runs/${runs.nested}/loops/inner/iterations/1.1`);
    const places = one.body.steps.map(
      (step: { nodeId: string; key: string }) => `${step.nodeId}:${step.key}`,
    );
    expect(places.sort()).toEqual(['call:1', 'inner:1', 'leaf:1.1']);
  });

  test('of two loops with the same path stay apart', async () => {
    const one = await api.call(`GET /runs/${runs.nested}/loops/other/iterations/0`);
    expect(one.body.steps).toMatchObject([{ nodeId: 'single', key: '0', status: 'cancelled' }]);
  });

  test('come in the order of the items, page by page, from any index on', async () => {
    const path = `GET /runs/${runs.large}/loops/each/iterations`;
    const first = await api.call(`${path}?limit=200`);
    const second = await api.call(`${path}?limit=200&cursor=${first.body.next}`);
    const indexes = [...first.body.data, ...second.body.data].map(({ index }: { index: number }) => index);
    expect(indexes).toEqual(Array.from({ length: 400 }, (_, index) => index));
    const last = await api.call(`${path}?from=9990`);
    expect(last.body.next).toBeNull();
    expect(last.body.data).toHaveLength(10);
    expect(last.body.data[0]).toMatchObject({ index: 9990, status: 'running' });
  });

  test('are narrowed to those that failed, with why', async () => {
    const { body } = await api.call(`GET /runs/${runs.large}/loops/each/iterations?status=failed&limit=4`);
    expect(body.data.map(({ index }: { index: number }) => index)).toEqual([0, 1000, 2000, 3000]);
    expect(body.data[0].error).toMatchObject({ code: 'boom', message: 'It broke' });
    const rest = await api.call(
      `GET /runs/${runs.large}/loops/each/iterations?status=failed&limit=50&cursor=${body.next}`,
    );
    expect(rest.body).toMatchObject({ data: { length: 6 }, next: null });
  });

  test('are counted by the ten thousand while somebody looks', async () => {
    const { body } = await api.call(`GET /runs/${runs.large}/loops`);
    expect(body.loops[0]).toMatchObject({
      items: ITEMS,
      iterations: { succeeded: ITEMS - 20, failed: 10, running: 10 },
    });
  });

  test.each([
    'GET /runs/ID/loops',
    'GET /runs/ID/loops/each/iterations',
    'GET /runs/ID/loops/each/iterations/0',
  ])('are nobody else’s: %s', async (call) => {
    const stranger = await makeApiWorkspace();
    const path = call.replace('ID', runs.nested);
    expect((await api.call(path, undefined, { key: stranger.key })).status).toBe(404);
    expect((await api.call(call.replace('ID', randomUUID()))).status).toBe(404);
  });

  test.each([
    ['a node that is no loop', 'loops/start/iterations', 404],
    ['a loop at another depth', 'loops/inner/iterations', 404],
    ['a path that is none', 'loops/each/iterations/x', 404],
    ['another loop’s cursor', 'loops/each/iterations?cursor=bm8', 400],
  ])('refuse %s', async (_, path, status) => {
    expect((await api.call(`GET /runs/${runs.nested}/${path}`)).status).toBe(status);
  });
});

async function makeRun(): Promise<string> {
  const [id, flowVersionId] = [randomUUID(), randomUUID()];
  const { workspaceId } = api;
  await prisma().flowVersion.create({
    data: {
      id: flowVersionId,
      workspaceId,
      number: null,
      document: DOCUMENT as never,
      contentHash: Buffer.from(id),
    },
  });
  await prisma().run.create({
    data: {
      id,
      workspaceId,
      flowSlug: 'looped',
      flowName: 'Looped',
      flowVersionId,
      startedBy: 'manual',
      status: 'running',
      startedAt: new Date(),
    },
  });
  return id;
}

type NewStep = readonly [nodeId: string, key: string, status: string, more?: object];

async function addSteps(runId: string, steps: readonly NewStep[]): Promise<void> {
  const ended = new Set(['succeeded', 'failed', 'cancelled']);
  await prisma().step.createMany({
    data: steps.map(([nodeId, key, status, more]) => ({
      runId,
      nodeId,
      key,
      status: status as never,
      startedAt: new Date(),
      finishedAt: ended.has(status) ? new Date() : null,
      ...more,
    })),
  });
}
