import { beforeAll, describe, expect, test } from 'vitest';

import type { FlowNode } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import {
  post,
  readKeyedSteps,
  START,
  useWorkers,
  whenRun,
  type TestFlow,
  type WorkerProcess,
} from './worker-fixture.ts';

const fixture = useWorkers();
let worker: WorkerProcess;
beforeAll(async () => {
  worker = await fixture.startWorker();
});

const each = (id: string, config: Record<string, Json> = {}, rest: Partial<FlowNode> = {}) => ({
  id,
  type: 'core.each',
  ...rest,
  config: { items: { $expr: 'trigger.body' }, ...config },
});
const map = (id: string, output: Json, rest: Partial<FlowNode> = {}) => ({
  id,
  type: 'core.map',
  ...rest,
  config: { output },
});
const inside = (parent: string) => ({ parent });

async function run(flow: TestFlow, input: Json) {
  const published = await fixture.publish(flow);
  const [id] = await fixture.start(published, [input]);
  const ended = await whenRun(fixture, id!, { timeoutMs: 20_000 });
  return { ended, steps: await readKeyedSteps(fixture, id!) };
}

describe('a loop', () => {
  test('gives the output of the last node for each item, in item order', async () => {
    const { ended, steps } = await run(
      {
        nodes: [
          START,
          each('loop', { concurrency: 3 }),
          map('double', { $expr: 'item * 2' }, inside('loop')),
          map('named', { n: { $expr: 'steps.double' }, at: { $expr: 'index' } }, inside('loop')),
        ],
        edges: 'start>loop double>named',
      },
      [5, 6, 7],
    );
    expect(ended).toMatchObject({ status: 'succeeded', error: null });
    expect(ended.output).toEqual({
      results: [
        { n: 10, at: 0 },
        { n: 12, at: 1 },
        { n: 14, at: 2 },
      ],
      errors: [],
    });
    expect(Object.keys(steps).sort()).toEqual(
      ['start', 'loop', 'double 0', 'double 1', 'double 2', 'named 0', 'named 1', 'named 2'].sort(),
    );
    expect(steps['named 2']).toMatchObject({ status: 'succeeded', output: { n: 14, at: 2 } });
  });

  test('steps after it see its output; steps in it see those before it, and the turn of each loop around them', async () => {
    const { ended } = await run(
      {
        nodes: [
          START,
          map('base', 100),
          each('outer', { items: [[1, 2], [3]] }),
          each('inner', { items: { $expr: 'item' }, concurrency: 2 }, inside('outer')),
          map(
            'sum',
            {
              v: { $expr: 'steps.base + item' },
              of: { $expr: 'steps.outer.index' },
              here: { $expr: 'steps.inner' },
            },
            inside('inner'),
          ),
          map('after', { $expr: '$count(steps.outer.results)' }),
        ],
        edges: 'start>base base>outer outer>after',
      },
      null,
    );
    expect(ended).toMatchObject({ status: 'succeeded', output: 2 });
    const steps = await readKeyedSteps(fixture, ended.id);
    expect(steps['outer']!.output).toEqual({
      results: [
        {
          results: [
            { v: 101, of: 0, here: { item: 1, index: 0 } },
            { v: 102, of: 0, here: { item: 2, index: 1 } },
          ],
          errors: [],
        },
        { results: [{ v: 103, of: 1, here: { item: 3, index: 0 } }], errors: [] },
      ],
      errors: [],
    });
    expect(
      Object.keys(steps)
        .filter((id) => id.startsWith('sum'))
        .sort(),
    ).toEqual(['sum 0.0', 'sum 0.1', 'sum 1.0']);
  });

  test('an empty list is done at once; anything but a list is invalid', async () => {
    const flow = { nodes: [START, each('loop'), map('in', 1, inside('loop'))], edges: 'start>loop' };
    expect((await run(flow, [])).ended).toMatchObject({
      status: 'succeeded',
      output: { results: [], errors: [] },
    });
    for (const bad of [{ a: 1 }, 'text', null, 7])
      expect((await run(flow, bad)).ended).toMatchObject({
        status: 'failed',
        error: { kind: 'invalid', code: 'items_not_a_list', nodeId: 'loop' },
      });
  });

  test('a filter in the body ends the item alone; an item in which nothing ran has the result null', async () => {
    const { ended } = await run(
      {
        nodes: [
          START,
          each('loop', { concurrency: 2 }),
          { id: 'big', type: 'core.filter', config: { condition: { $expr: 'item > 1' } }, ...inside('loop') },
          map('kept', { $expr: 'item' }, inside('loop')),
        ],
        edges: 'start>loop big>kept',
      },
      [1, 2, 3],
    );
    expect(ended.output).toEqual({ results: [false, 2, 3], errors: [] });
  });
});

describe('items that fail', () => {
  const picky = (onItemError: string, rest: Partial<FlowNode> = {}): TestFlow => ({
    nodes: [
      START,
      each('loop', { onItemError, concurrency: 2 }, rest),
      {
        id: 'check',
        type: 'core.validate',
        config: { value: { $expr: 'item' }, schema: { type: 'number' } },
        ...inside('loop'),
      },
      map('ok', { $expr: 'item' }, inside('loop')),
      map('after', { $expr: 'steps.loop' }),
    ],
    edges: 'start>loop check>ok loop>after',
  });

  test('continue: the others go on; the failed one is null and among the errors', async () => {
    const { ended } = await run(picky('continue'), [1, 'two', 3]);
    expect(ended).toMatchObject({
      status: 'succeeded',
      output: { results: [1, null, 3], errors: [{ index: 1, error: { kind: 'invalid' } }] },
    });
  });

  test('fail: no further item begins, and the loop fails with the error of the lowest', async () => {
    const { ended, steps } = await run(picky('fail'), [1, 'two', 3, 4, 5, 6, 7]);
    expect(ended).toMatchObject({ status: 'failed', error: { kind: 'invalid', nodeId: 'loop' } });
    expect(steps['loop']).toMatchObject({ status: 'failed', attempts: 1 });
    expect(steps['check 6']).toBeUndefined();
    expect(steps['ok 1']).toBeUndefined();
  });

  test('fail, handled by the loop: the flow goes on with the error', async () => {
    const { ended } = await run(picky('fail', { onError: 'continue' }), [1, 'two', 3]);
    expect(ended).toMatchObject({ status: 'succeeded', output: { error: { kind: 'invalid' } } });
  });
});

describe('what ends the run from inside a body', () => {
  test('a stop, from two loops deep', async () => {
    const { ended, steps } = await run(
      {
        nodes: [
          START,
          each('outer', { items: [0, 1, 2] }),
          each('inner', { items: [0, 1, 2] }, inside('outer')),
          {
            id: 'if',
            type: 'core.if',
            config: { condition: { $expr: 'steps.outer.item = 1 and item = 1' } },
            ...inside('inner'),
          },
          {
            id: 'stop',
            type: 'core.stop',
            config: { status: 'failed', message: 'Enough.' },
            ...inside('inner'),
          },
        ],
        edges: 'start>outer if:true>stop',
      },
      null,
    );
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'stopped', message: 'Enough.', nodeId: 'stop' },
    });
    expect(steps['outer']).toMatchObject({ status: 'cancelled' });
    expect(steps['inner 1']).toMatchObject({ status: 'cancelled' });
    expect(steps['stop 1.1']).toMatchObject({ status: 'succeeded' });
    expect(steps['inner 2']).toBeUndefined();
  });

  test('a response gives the run its output, and the loop goes on', async () => {
    const { ended, steps } = await run(
      {
        nodes: [
          START,
          each('loop'),
          { id: 'respond', type: 'core.respond', config: { body: { $expr: 'item' } }, ...inside('loop') },
        ],
        edges: 'start>loop',
      },
      ['a', 'b'],
    );
    expect(ended).toMatchObject({ status: 'succeeded', output: 'a', reply: { body: 'a' } });
    expect(steps['loop']!.output).toEqual({ results: ['a', 'b'], errors: [] });
  });
});

describe('calls in a body', () => {
  test('no more at a time than the loop allows; each under a key of its own', async () => {
    const { sink } = fixture;
    let now = 0;
    let most = 0;
    sink.reply('/item', () => {
      most = Math.max(most, ++now);
      setTimeout(() => (now -= 1), 20);
      return { delayMs: 20 };
    });
    const { ended } = await run(
      {
        nodes: [
          START,
          each('loop', { concurrency: 4 }),
          post('call', `${sink.url}/item`, { body: { n: { $expr: 'item' } }, ...inside('loop') }),
        ],
        edges: 'start>loop',
      },
      Array.from({ length: 40 }, (_, n) => n),
    );
    expect(ended.status).toBe('succeeded');
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(5);
    const calls = sink.at('/item');
    const sent = calls.map(({ body }) => (JSON.parse(String(body)) as { n: number }).n).sort((a, b) => a - b);
    expect(sent).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(40);
  });

  test('a retry and a wait in a body hold up their own item alone', async () => {
    const { sink } = fixture;
    sink.reply('/flaky', (_, before) => (before === 0 ? { status: 503 } : {}));
    const { ended, steps } = await run(
      {
        nodes: [
          START,
          each('loop', { concurrency: 2 }),
          {
            id: 'wait',
            type: 'core.wait',
            config: { seconds: { $expr: 'item = 1 ? 0.7 : 0' } },
            ...inside('loop'),
          },
          post('call', `${sink.url}/flaky`, { retry: { attempts: 3, baseSeconds: 0.2 }, ...inside('loop') }),
        ],
        edges: 'start>loop wait>call',
      },
      [0, 1, 2],
    );
    expect(ended.status).toBe('succeeded');
    expect(steps['wait 1']).toMatchObject({ status: 'succeeded', attempts: 1 });
    expect(
      Object.values(steps).filter(({ node_id, attempts }) => node_id === 'call' && attempts === 2),
    ).toHaveLength(1);
    expect(sink.at('/flaky')).toHaveLength(4);
  });
});

test('the worker is well after all this', async () => {
  worker.signal('SIGTERM');
  expect(await worker.ended).toBe(0);
  expect(worker.output()).not.toContain('"level":50');
});
