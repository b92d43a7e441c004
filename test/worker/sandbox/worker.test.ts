import { afterEach, describe, expect, test } from 'vitest';

import { waitFor } from '#test/support/wait-for.ts';
import {
  readAttempts,
  readRun,
  readSteps,
  START,
  useWorkers,
  whenRun,
  type WorkerProcess,
} from '../worker-fixture.ts';
import { childrenOf, isRunning } from './use-sandbox.ts';

const fixture = useWorkers();

const started: WorkerProcess[] = [];

async function startWorker(): Promise<WorkerProcess> {
  const worker = await fixture.startWorker();
  started.push(worker);
  return worker;
}

async function stop(worker: WorkerProcess): Promise<number | NodeJS.Signals> {
  worker.signal('SIGTERM');
  return worker.ended;
}

afterEach(() => Promise.all(started.splice(0).map(stop)));

const code = (text: string, rest: { timeoutSeconds?: number; input?: object } = {}) => ({
  id: 'code',
  type: 'core.code',
  config: { code: text, input: rest.input ?? { $expr: 'trigger.body' } },
  ...(rest.timeoutSeconds !== undefined && { timeoutSeconds: rest.timeoutSeconds }),
});

const MAP = { id: 'map', type: 'core.map', config: { output: { got: { $expr: 'steps.code' } } } };

describe('core.code in a worker', () => {
  test('gives its output to what follows, and keeps what it logged', async () => {
    const flow = await fixture.publish({
      nodes: [
        START,
        code(
          'export default async (order) => {\n  console.log("order", order.n);\n  return { double: order.n * 2 };\n}',
        ),
        MAP,
      ],
      edges: 'start>code code>map',
    });
    const worker = await startWorker();
    const ids = await fixture.start(flow, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    for (const [index, id] of ids.entries()) {
      expect(await whenRun(fixture, id)).toMatchObject({
        status: 'succeeded',
        output: { got: { double: (index + 1) * 2 } },
      });
      expect((await readSteps(fixture, id))['code']).toMatchObject({ logs: [`order ${index + 1}`] });
    }
    expect(await stop(worker)).toBe(0);
  });

  test('what it throws fails the step once, with the place in its own text', async () => {
    const flow = await fixture.publish({
      nodes: [START, code('export default (input) => {\n  return input.order.total;\n}')],
      edges: 'start>code',
    });
    await startWorker();
    const [id] = await fixture.start(flow, [{}]);
    expect(await whenRun(fixture, id!)).toMatchObject({
      status: 'failed',
      error: { code: 'code_failed', kind: 'invalid' },
    });
    expect((await readSteps(fixture, id!))['code']!.error).toMatchObject({
      message: "TypeError: cannot read property 'total' of undefined (line 2, column 21)",
      pointer: '/config/code',
      detail: { name: 'TypeError', line: 2, column: 21 },
    });
    expect(await readAttempts(fixture, id!)).toHaveLength(1);
  });

  test('endless code is stopped in time and not tried again; meanwhile the worker runs everything else', async () => {
    const endless = await fixture.publish({
      nodes: [START, code('export default () => { for (;;) {} }', { timeoutSeconds: 4 })],
      edges: 'start>code',
    });
    const stubborn = await fixture.publish({
      nodes: [START, code('export default () => new Array(3e8) + ""', { timeoutSeconds: 4 })],
      edges: 'start>code',
    });
    const plain = await fixture.publish({
      nodes: [START, { ...MAP, config: { output: { $expr: 'trigger.body' } } }],
      edges: 'start>map',
    });
    const pause = await fixture.publish({
      nodes: [
        START,
        code('export default () => { const end = Date.now() + 500; while (Date.now() < end); }'),
      ],
      edges: 'start>code',
    });
    const quick = await fixture.publish({
      nodes: [START, code('export default (x) => x')],
      edges: 'start>code',
    });
    const worker = await startWorker();
    // Both processes are there before anything is measured.
    for (const id of await fixture.start(pause, [0, 1])) await whenRun(fixture, id);
    expect(childrenOf(worker.pid)).toHaveLength(2);
    const [one] = await fixture.start(endless, [0]);
    const [two] = await fixture.start(stubborn, [0]);
    const others = await fixture.start(
      plain,
      Array.from({ length: 50 }, (_, n) => n),
    );
    const queued = await fixture.start(quick, [1, 2, 3]);
    for (const id of others) expect((await whenRun(fixture, id)).status).toBe('succeeded');
    for (const id of [one!, two!]) expect((await readRun(fixture, id)).finished_at).toBeNull();
    for (const id of [one!, two!]) {
      expect(await whenRun(fixture, id)).toMatchObject({
        status: 'failed',
        error: { code: 'code_timeout', kind: 'invalid' },
      });
      const step = (await readSteps(fixture, id))['code']!;
      expect(step.finished_at!.getTime() - step.started_at!.getTime()).toBeLessThan(7_000);
      expect(await readAttempts(fixture, id)).toHaveLength(1);
    }
    for (const [index, id] of queued.entries())
      expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded', output: index + 1 });
    expect(await stop(worker)).toBe(0);
  }, 240_000);

  test('a cancelled run kills its code', async () => {
    const flow = await fixture.publish({
      nodes: [START, code('export default () => new Array(3e8) + ""', { timeoutSeconds: 60 })],
      edges: 'start>code',
    });
    const worker = await startWorker();
    const [id] = await fixture.start(flow, [0]);
    const [child] = await waitFor('the code to run', async () => {
      const found = childrenOf(worker.pid);
      const shown = (await readSteps(fixture, id!))['code'];
      return found.length > 0 && shown ? found : undefined;
    });
    await fixture.db.query('update run set cancel_requested_at = now(), wake_at = now() where id = $1', [id]);
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'cancelled' });
    await waitFor('the process to be gone', () => !isRunning(child!), 2_000);
  });

  test('a worker that is killed takes its sandboxes along, even those that hear nothing; the run is taken over', async () => {
    const flow = await fixture.publish({
      nodes: [
        START,
        code('export default (x) => Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, x)', {
          timeoutSeconds: 60,
        }),
      ],
      edges: 'start>code',
    });
    const worker = await startWorker();
    const [id] = await fixture.start(flow, [0]);
    const children = await waitFor('the code to run', async () => {
      const found = childrenOf(worker.pid);
      return found.length > 0 && (await readSteps(fixture, id!))['code'] ? found : undefined;
    });
    worker.signal('SIGKILL');
    await worker.ended;
    await waitFor('the processes to be gone', () => !children.some(isRunning), 2_000);
    expect((await readRun(fixture, id!)).status).toBe('running');
    await fixture.db.query('update run set cancel_requested_at = now() where id = $1', [id]);
    await startWorker();
    await whenRun(fixture, id!);
  });

  test('a worker that drains leaves no process behind', async () => {
    const flow = await fixture.publish({
      nodes: [START, code('export default (x) => x')],
      edges: 'start>code',
    });
    const worker = await startWorker();
    const [id] = await fixture.start(flow, ['x']);
    await whenRun(fixture, id!);
    const children = childrenOf(worker.pid);
    expect(children.length).toBeGreaterThan(0);
    expect(await stop(worker)).toBe(0);
    expect(children.filter(isRunning)).toEqual([]);
  });
});
