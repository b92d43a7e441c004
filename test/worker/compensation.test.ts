import { beforeAll, describe, expect, test } from 'vitest';

import type { FlowNode } from '#core/flow-document.ts';
import { waitFor } from '#test/support/wait-for.ts';
import {
  post,
  readKeyedSteps,
  readRun,
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

const call = (id: string, path: string, rest: Partial<FlowNode> = {}) =>
  post(id, `${fixture.sink.url}${path}`, { body: { step: id }, ...rest });
const stop = { id: 'stop', type: 'core.stop', config: { status: 'failed', message: 'No stock.' } };

/** What the far end was asked from the `from`th request on, as paths. */
const asked = (from: number) => fixture.sink.requests.slice(from).map(({ path }) => path);

async function begin(flow: TestFlow, input: unknown = {}) {
  const from = fixture.sink.requests.length;
  const [id] = await fixture.start(await fixture.publish(flow), [input as never]);
  return { id: id!, from };
}

describe('a run that failed', () => {
  test('undoes what it did, the last first; the undoing step sees what the undone one gave', async () => {
    fixture.sink.reply('/book', {
      headers: { 'content-type': 'application/json' },
      body: '{"ticket":"T-1"}',
    });
    const { id, from } = await begin({
      nodes: [
        START,
        call('reserve', '/reserve', { compensate: 'release' }),
        call('book', '/book', { compensate: 'unbook' }),
        call('mail', '/mail'),
        stop,
        call('release', '/release'),
        call('unbook', '/unbook', { body: { ticket: { $expr: 'steps.book.body.ticket' } } } as never),
      ],
      edges: 'start>reserve reserve>book book>mail mail>stop',
    });
    expect(await whenRun(fixture, id)).toMatchObject({
      status: 'failed',
      error: { code: 'stopped', message: 'No stock.', nodeId: 'stop' },
      compensation: 'undone',
    });
    expect(asked(from)).toEqual(['/reserve', '/book', '/mail', '/unbook', '/release']);
    const steps = await readKeyedSteps(fixture, id);
    expect(steps['unbook']).toMatchObject({ status: 'succeeded', input: { body: { ticket: 'T-1' } } });
  });

  test('one that cannot be undone leaves it partly undone; the others are undone all the same', async () => {
    fixture.sink.reply('/stuck', { status: 400 });
    const { id, from } = await begin({
      nodes: [
        START,
        call('a', '/a', { compensate: 'undoA' }),
        call('b', '/b', { compensate: 'undoB' }),
        stop,
        call('undoA', '/undo-a'),
        call('undoB', '/stuck', { onError: 'continue' }),
      ],
      edges: 'start>a a>b b>stop',
    });
    expect(await whenRun(fixture, id)).toMatchObject({
      status: 'failed',
      error: { code: 'stopped' },
      compensation: 'partly_undone',
    });
    expect(asked(from)).toEqual(['/a', '/b', '/stuck', '/undo-a']);
  });

  test('an undoing step is retried by its own law, and the run waits for it without a worker', async () => {
    fixture.sink.reply('/shaky', (_, before) => (before === 0 ? { status: 503 } : {}));
    const { id } = await begin({
      nodes: [
        START,
        call('a', '/a', { compensate: 'undo' }),
        stop,
        call('undo', '/shaky', { retry: { attempts: 2, baseSeconds: 2, maxSeconds: 2 } }),
      ],
      edges: 'start>a a>stop',
      // Passed by the time of the second attempt: what is being undone takes as long as it takes.
      settings: { timeoutSeconds: 1 },
    });
    await whenRun(fixture, id, { status: ['waiting'] });
    expect(await readRun(fixture, id)).toMatchObject({ error: { code: 'stopped' }, lease_worker_id: null });
    expect(await whenRun(fixture, id)).toMatchObject({
      status: 'failed',
      error: { code: 'stopped' },
      compensation: 'undone',
    });
    expect((await readKeyedSteps(fixture, id))['undo']).toMatchObject({ status: 'succeeded', attempts: 2 });
  });

  test('by its deadline: the same', async () => {
    fixture.sink.reply('/endless', { delayMs: 30_000 });
    const { id, from } = await begin({
      nodes: [START, call('a', '/a', { compensate: 'undo' }), call('b', '/endless'), call('undo', '/undo')],
      edges: 'start>a a>b',
      settings: { timeoutSeconds: 1.5 },
    });
    expect(await whenRun(fixture, id)).toMatchObject({
      status: 'failed',
      error: { code: 'run_timeout' },
      compensation: 'undone',
    });
    expect(asked(from)).toEqual(['/a', '/endless', '/undo']);
    expect((await readKeyedSteps(fixture, id))['b']).toMatchObject({ status: 'cancelled' });
  });

  test('in loops: each item is undone with its own key, the last first, also those of iterations long settled', async () => {
    const { id, from } = await begin(
      {
        nodes: [
          START,
          { id: 'loop', type: 'core.each', config: { items: { $expr: 'trigger.body' } } },
          call('take', '/take', { parent: 'loop', compensate: 'give' }),
          post('give', `${fixture.sink.url}/give`, {
            parent: 'loop',
            body: {
              item: { $expr: 'item' },
              at: { $expr: 'index' },
              was: { $expr: 'steps.take.status' },
              of: { $expr: 'steps.loop.item' },
            },
          }),
          stop,
        ],
        edges: 'start>loop loop>stop',
      },
      ['x', 'y', 'z'],
    );
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'failed', compensation: 'undone' });
    expect(asked(from)).toEqual(['/take', '/take', '/take', '/give', '/give', '/give']);
    const sent = fixture.sink.at('/give').map(({ body }) => JSON.parse(String(body)) as unknown);
    expect(sent).toEqual([
      { item: 'z', at: 2, was: 200, of: 'z' },
      { item: 'y', at: 1, was: 200, of: 'y' },
      { item: 'x', at: 0, was: 200, of: 'x' },
    ]);
    expect(Object.keys(await readKeyedSteps(fixture, id))).toEqual(
      expect.arrayContaining(['give 0', 'give 1', 'give 2']),
    );
  });
});

describe('a run that did not fail, or had nothing to undo', () => {
  test('is not undone when it succeeded, nor when it was cancelled', async () => {
    fixture.sink.reply('/hang', { delayMs: 30_000 });
    const nodes = [
      START,
      call('a', '/a', { compensate: 'undo' }),
      call('b', '/hang'),
      call('undo', '/never'),
    ];
    const fine = await begin({ nodes: nodes.filter(({ id }) => id !== 'b'), edges: 'start>a' });
    expect(await whenRun(fixture, fine.id)).toMatchObject({ status: 'succeeded', compensation: null });
    const cancelled = await begin({ nodes, edges: 'start>a a>b' });
    await waitFor('the call', () => asked(cancelled.from).includes('/hang'));
    await fixture.db.query('update run set cancel_requested_at = now() where id = $1', [cancelled.id]);
    expect(await whenRun(fixture, cancelled.id)).toMatchObject({ status: 'cancelled', compensation: null });
    expect(fixture.sink.at('/never')).toHaveLength(0);
  });

  test('says nothing of compensation when it failed before', async () => {
    const broken = { id: 'broken', type: 'core.validate', config: { value: 1, schema: { type: 'string' } } };
    const { id } = await begin({
      nodes: [START, broken, call('a', '/never', { compensate: 'undo' }), call('undo', '/never')],
      edges: 'start>broken broken>a',
    });
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'failed', compensation: null });
    expect(fixture.sink.at('/never')).toHaveLength(0);
  });
});

test('a worker that dies while it undoes: another one goes on where it stood, and nothing is undone twice', async () => {
  fixture.sink.reply('/undo-2', (_, before) => (before === 0 ? { delayMs: 60_000 } : {}));
  const { id, from } = await begin({
    nodes: [
      START,
      call('one', '/one', { compensate: 'undo1' }),
      call('two', '/two', { compensate: 'undo2' }),
      call('three', '/three', { compensate: 'undo3' }),
      stop,
      call('undo1', '/undo-1'),
      call('undo2', '/undo-2'),
      call('undo3', '/undo-3'),
    ],
    edges: 'start>one one>two two>three three>stop',
  });
  await fixture.sink.waitFor('/undo-2', 1);
  worker.signal('SIGKILL');
  await worker.ended;
  worker = await fixture.startWorker();
  expect(await whenRun(fixture, id)).toMatchObject({
    status: 'failed',
    error: { code: 'stopped' },
    compensation: 'undone',
  });
  expect(asked(from)).toEqual(['/one', '/two', '/three', '/undo-3', '/undo-2', '/undo-2', '/undo-1']);
});
