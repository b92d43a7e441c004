import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Actor } from '#server/auth/actor.ts';
import { resolveStep, retryStepsNow } from '#server/recovery/order-step.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';
import {
  post,
  readKeyedSteps,
  readRun,
  START,
  operatorOf,
  useWorkers,
  whenRun,
  type TestFlow,
  type WorkerProcess,
} from './worker-fixture.ts';

const fixture = useWorkers();
let worker: WorkerProcess;
let actor: Actor;
beforeAll(async () => {
  worker = await fixture.startWorker();
  actor = operatorOf(fixture);
});

async function begin(flow: TestFlow): Promise<string> {
  const [id] = await fixture.start(await fixture.publish(flow), [{}]);
  return id!;
}

const resolve = (id: string, as: 'done' | 'retry', output?: number) =>
  resolveStep(actor, id, { nodeId: 'pay', key: '', as, ...(output !== undefined && { output }) });
const audited = async (id: string) =>
  (
    await fixture.db.query<{ action: string }>('select action, detail from audit_entry where resource = $1', [
      `run:${id}`,
    ])
  ).rows;

describe('a step in doubt', () => {
  /** A call that must not be repeated, whose connection breaks; beside it, one that takes its time. */
  const doubtful = (path: string): TestFlow => {
    const { sink } = fixture;
    sink.reply(path, (_, before) => (before === 0 ? { hangUp: true } : {}));
    return {
      nodes: [
        START,
        post('pay', `${sink.url}${path}`, { effect: 'once' }),
        { id: 'paid', type: 'core.map', config: { output: { $expr: 'steps.pay' } } },
        post('slow', `${sink.url}${path}-slow`),
      ],
      edges: 'start>pay pay>paid start>slow',
    };
  };
  const isInDoubt = (id: string) =>
    waitFor(
      'the step to be in doubt',
      async () => (await readKeyedSteps(fixture, id))['pay']?.status === 'in_doubt',
    );

  test('happened: it goes on with the output that a person gave, and is not repeated', async () => {
    const id = await begin(doubtful('/done'));
    await whenRun(fixture, id, { status: ['in_doubt'] });
    await resolve(id, 'done', 9);
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(await readKeyedSteps(fixture, id)).toMatchObject({
      pay: { status: 'succeeded', output: 9 },
      paid: { output: 9 },
    });
    expect(fixture.sink.at('/done')).toHaveLength(1);
    expect(await audited(id)).toMatchObject([
      { action: 'run.resolve', detail: { nodeId: 'pay', as: 'done' } },
    ]);
    await expect(resolve(id, 'done')).rejects.toThrow('ended already');
  });

  test('did not: it is done again under the same key, once, whoever else says so', async () => {
    const id = await begin(doubtful('/again'));
    await whenRun(fixture, id, { status: ['in_doubt'] });
    const outcomes = await Promise.allSettled([
      resolve(id, 'retry'),
      resolve(id, 'retry'),
      resolve(id, 'done'),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await whenRun(fixture, id);
    const calls = fixture.sink.at('/again');
    expect(calls.length).toBeLessThanOrEqual(2);
    expect(new Set(calls.map(({ headers }) => headers['idempotency-key']))).toEqual(
      new Set([idempotencyKey(id, 'pay', '')]),
    );
    expect(
      (await fixture.db.query('select from step_order where run_id = $1 and applied_at is not null', [id]))
        .rowCount,
    ).toBe(1);
  });

  test('is settled while other branches are under way', async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((done) => (letGo = done));
    const flow = doubtful('/beside');
    fixture.sink.reply('/beside-slow', { until: held });
    const id = await begin(flow);
    await fixture.sink.waitFor('/beside-slow', 1);
    await isInDoubt(id);
    await resolve(id, 'done', 1);
    await waitFor(
      'the step to be settled',
      async () => (await readKeyedSteps(fixture, id))['pay']?.status === 'succeeded',
    );
    expect(await readRun(fixture, id)).toMatchObject({ status: 'running' });
    letGo();
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
  });

  test('its time does not run: a run settled after its deadline goes on', async () => {
    const flow = { ...doubtful('/late'), settings: { timeoutSeconds: 2 } };
    const id = await begin(flow);
    await whenRun(fixture, id, { status: ['in_doubt'] });
    await fixture.db.query("update run set started_at = started_at - interval '1 hour' where id = $1", [id]);
    await resolve(id, 'done', 1);
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('a step that waits for its next attempt', () => {
  const busy: Sink[] = [];
  afterAll(() => Promise.all(busy.map((far) => far.stop())));

  /** Its first call asks for a pause: of a far end of its own, since every step leaves such a one alone. */
  const waiting = async (path: string, beside?: Promise<void>): Promise<TestFlow> => {
    const { sink } = fixture;
    const far = await startSink();
    busy.push(far);
    far.reply(path, (_, before) => (before === 0 ? { status: 503, headers: { 'retry-after': '3600' } } : {}));
    sink.reply(`${path}-beside`, beside ? { until: beside } : {});
    return {
      nodes: [START, post('pay', `${far.url}${path}`), post('beside', `${sink.url}${path}-beside`)],
      edges: 'start>pay start>beside',
    };
  };
  const isWaiting = (id: string) =>
    waitFor('the step to wait', async () => (await readKeyedSteps(fixture, id))['pay']?.status === 'waiting');

  test('is tried at once, where nobody holds the run', async () => {
    const id = await begin(await waiting('/idle'));
    await whenRun(fixture, id, { status: ['waiting'] });
    await retryStepsNow(actor, id, {});
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(await audited(id)).toMatchObject([{ action: 'run.retry_now' }]);
    await expect(retryStepsNow(actor, id, {})).rejects.toThrow('ended already');
  });

  test('is tried at once, where a worker has the run in hand', async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((done) => (letGo = done));
    const id = await begin(await waiting('/held', held));
    await fixture.sink.waitFor('/held-beside', 1);
    await isWaiting(id);
    await expect(retryStepsNow(actor, id, { nodeId: 'beside' })).rejects.toThrow(
      'waits for its next attempt',
    );
    await retryStepsNow(actor, id, { nodeId: 'pay' });
    await busy.at(-1)?.waitFor('/held', 2);
    letGo();
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
  });

  test('is tried once, though the worker dies that was told', async () => {
    const id = await begin(await waiting('/dies'));
    await whenRun(fixture, id, { status: ['waiting'] });
    worker.signal('SIGKILL');
    await retryStepsNow(actor, id, { nodeId: 'pay' });
    expect(await readRun(fixture, id)).toMatchObject({ signals: 1 });
    worker = await fixture.startWorker();
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(busy.at(-1)?.at('/dies')).toHaveLength(2);
  });
});
