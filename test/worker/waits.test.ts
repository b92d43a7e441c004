import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { JournalWriter, type RunWrite } from '#server/journal/journal-writer.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';

import { insertSignals } from '#server/sql/insert-signal.ts';
import { loadSignals, loadSteps } from '#server/sql/load-runs.ts';
import { NO_RUN_SERVICES } from '#test/support/no-run-services.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { Activation } from '#worker/activation.ts';
import { DatabaseClock } from '#server/db/database-clock.ts';
import { NO_OBSERVER } from '#worker/observe/observer.ts';
import { FlowCache } from '#worker/flow-cache.ts';
import { claimSome } from './claim-some.ts';
import {
  post,
  readAttempts,
  readRun,
  readSteps,
  START,
  useWorkers,
  whenAllEnded,
  whenRun,
  type TestFlow,
} from './worker-fixture.ts';

const fixture = useWorkers();
const waits = (config: TestFlow['nodes'][number]['config']): TestFlow => ({
  nodes: [START, { id: 'wait', type: 'core.wait', config: config ?? {} }],
  edges: 'start>wait',
});

/** Makes a step of the run wait for a signal alone, as a call or a question does. */
async function holdForSignal(runId: string): Promise<void> {
  await fixture.db.query(
    "update step set next_attempt_at = null, waiting_for = 'call' where run_id = $1 and node_id = 'wait'",
    [runId],
  );
  await fixture.db.query("update run set wake_at = null where id = $1 and status = 'waiting'", [runId]);
}

const told = (runId: string, payload = { ok: true }) => ({ runId, nodeId: 'wait', key: '', payload });

describe('core.wait', () => {
  test('leaves the worker until its time, and makes no new attempt then', async () => {
    const worker = await fixture.startWorker();
    const [id] = await fixture.start(await fixture.publish(waits({ seconds: 1.2 })), [{}]);
    await whenRun(fixture, id!, { status: ['waiting'] });
    expect((await readSteps(fixture, id!))['wait']).toMatchObject({
      status: 'waiting',
      waiting_for: 'time',
      attempts: 1,
    });
    expect(await readAttempts(fixture, id!)).toMatchObject([{ number: 1, finished_at: null, error: null }]);
    const ended = await whenRun(fixture, id!);
    expect(ended).toMatchObject({ status: 'succeeded', epoch: 2 });
    const { wait } = await readSteps(fixture, id!);
    expect(wait).toMatchObject({
      status: 'succeeded',
      waiting_for: null,
      next_attempt_at: null,
      state: null,
      attempts: 1,
    });
    expect(wait!.finished_at!.getTime() - wait!.started_at!.getTime()).toBeGreaterThanOrEqual(1_199);
    expect(await readAttempts(fixture, id!)).toMatchObject([{ number: 1, finished_at: wait!.finished_at }]);
    worker.signal('SIGTERM');
    await worker.ended;
  });

  test('until a time that has passed goes on at once; what is no time is invalid', async () => {
    const worker = await fixture.startWorker();
    const past = await fixture.publish(waits({ until: { $expr: 'trigger.body' } }));
    const [first, second, third] = await fixture.start(past, [
      '2020-01-01T00:00:00Z',
      1_600_000_000_000,
      'tomorrow',
    ]);
    for (const id of [first, second])
      expect(await whenRun(fixture, id!)).toMatchObject({ status: 'succeeded', epoch: 1 });
    expect(await whenRun(fixture, third!)).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_time' },
    });
    worker.signal('SIGTERM');
    await worker.ended;
  });

  test('longer than the run may take: the run fails at its deadline', async () => {
    const worker = await fixture.startWorker();
    const flow = await fixture.publish({ ...waits({ seconds: 500 }), settings: { timeoutSeconds: 1 } });
    const [id] = await fixture.start(flow, [{}]);
    expect(await whenRun(fixture, id!)).toMatchObject({
      status: 'failed',
      error: { code: 'run_timeout' },
    });
    expect((await readSteps(fixture, id!))['wait']).toMatchObject({ status: 'cancelled', waiting_for: null });
    worker.signal('SIGTERM');
    await worker.ended;
  });

  test('a thousand runs that wait hold no slot: another flow goes on at full speed', async () => {
    const { sink } = fixture;
    const worker = await fixture.startWorker({ PATCHBAY_CONCURRENCY: '4' });
    const waiting = await fixture.start(
      await fixture.publish(waits({ seconds: 600 })),
      Array.from({ length: 1_000 }, () => ({})),
    );
    const count = async (status: string) => {
      const { rows } = await fixture.db.query<{ count: number }>(
        'select count(*)::int from run where id = any($1::uuid[]) and status = $2::run_status',
        [waiting, status],
      );
      return rows[0]!.count;
    };
    await waitFor('all to wait', async () => (await count('waiting')) === 1_000, 60_000);
    const began = performance.now();
    const busy = await fixture.start(
      await fixture.publish({ nodes: [START, post('post', `${sink.url}/busy`)], edges: 'start>post' }),
      Array.from({ length: 200 }, () => ({})),
    );
    for (const id of busy) await whenRun(fixture, id);
    expect(sink.at('/busy')).toHaveLength(200);
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(await count('waiting')).toBe(1_000);
    await fixture.db.query(
      "update run set cancel_requested_at = now(), wake_at = now() where status = 'waiting'",
    );
    await whenAllEnded(fixture);
    expect(await count('cancelled')).toBe(1_000);
    worker.signal('SIGTERM');
    await worker.ended;
  }, 240_000);
});

describe('a signal', () => {
  test('wakes a run that waits for it alone, and reaches its step once', async () => {
    const worker = await fixture.startWorker();
    const [id] = await fixture.start(await fixture.publish(waits({ seconds: 3_600 })), [{}]);
    await whenRun(fixture, id!, { status: ['waiting'] });
    await holdForSignal(id!);
    await sleep(700);
    expect(await readRun(fixture, id!)).toMatchObject({ status: 'waiting', wake_at: null });
    expect(await insertSignals(fixture.db, [told(id!), told(id!)])).toEqual([id]);
    expect(await insertSignals(fixture.db, [told(id!, { ok: false })])).toEqual([]);
    await wakeRuns(fixture.db, [id!]);
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'succeeded', signals: 1 });
    const { rows } = await fixture.db.query('select payload from signal where run_id = $1', [id]);
    expect(rows).toEqual([{ payload: { ok: true } }]);
    worker.signal('SIGTERM');
    await worker.ended;
  });

  test('reaches a run that a worker holds for something else', async () => {
    const { sink } = fixture;
    sink.reply('/long', { delayMs: 4_000 });
    const worker = await fixture.startWorker();
    const flow = await fixture.publish({
      nodes: [
        START,
        { id: 'wait', type: 'core.wait', config: { seconds: 3_600 } },
        post('long', `${sink.url}/long`),
        { id: 'after', type: 'core.map', config: { output: 1 } },
        post('told', `${sink.url}/told`),
      ],
      edges: 'start>wait start>long wait>after after>told',
    });
    const [id] = await fixture.start(flow, [{}]);
    await sink.waitFor('/long', 1);
    await waitFor(
      'the wait to be on record',
      async () => (await readSteps(fixture, id!))['wait']?.status === 'waiting',
    );
    expect(await insertSignals(fixture.db, [told(id!)])).toEqual([]);
    await sink.waitFor('/told', 1);
    expect((await readSteps(fixture, id!))['long']).toMatchObject({ status: 'running' });
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'succeeded', epoch: 1 });
    worker.signal('SIGTERM');
    await worker.ended;
  });

  test.each(['before', 'during', 'after'] as const)(
    'that comes %s the commit of the suspension is not lost',
    async (moment) => {
      const flow = await fixture.publish(waits({ seconds: 3_600 }));
      const [id] = await fixture.startQuietly(flow, [{}]);
      const workerId = uuidv7();
      const writer = new JournalWriter({ pool: fixture.db, workerId });
      const signal = () => insertSignals(fixture.db, [told(id!)]);
      let due: string[] = [];
      const commit = async (write: RunWrite) => {
        if (moment === 'before') due = await signal();
        const [outcome, later] = await Promise.all([
          writer.commit(write),
          moment === 'during' ? signal() : [],
        ]);
        due.push(...later);
        if (moment === 'after') due = await signal();
        return outcome;
      };
      await (await activationOf(id!, { workerId, commit })).advance();
      // Due either because the signal found it waiting, or because the exit found the signal.
      const run = await readRun(fixture, id!);
      expect(run).toMatchObject({ status: 'waiting', lease_worker_id: null, signals: 1 });
      expect(run.wake_at!.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
      if (moment !== 'during') expect(due).toEqual(moment === 'after' ? [id] : []);
      await (await activationOf(id!, { workerId, commit: (write) => writer.commit(write) })).advance();
      expect(await readRun(fixture, id!)).toMatchObject({ status: 'succeeded' });
      writer.close();
    },
  );
});

async function activationOf(
  runId: string,
  { workerId, commit }: { workerId: string; commit: (write: RunWrite) => Promise<'kept' | 'lost'> },
): Promise<Activation> {
  const { db } = fixture;
  const run = (await claimSome(db, { workerId, limit: 10 })).find(({ id }) => id === runId)!;
  const graphs = await new FlowCache(db).find([run.flowVersionId]);
  return new Activation(
    {
      run,
      userId: null,
      graph: graphs.get(run.flowVersionId)!,
      stored: (await loadSteps(db, [runId])).get(runId) ?? [],
      signals: (await loadSignals(db, [runId])).get(runId) ?? [],
      orders: [],
    },
    {
      callsOf: () => ({
        http: () => Promise.reject(new Error('no call is made here')),
        dial: () => Promise.reject(new Error('nothing is dialled here')),
        hold: null,
        close: () => undefined,
      }),
      openConnection: () => Promise.resolve(null),
      runServices: () => NO_RUN_SERVICES,
      clock: new DatabaseClock(),
      journal: { commit },
      publish: () => undefined,
      wakeAt: () => undefined,
      loadSteps: async (id) => (await loadSteps(db, [id])).get(id) ?? [],
      runEnded: () => undefined,
      roomMade: () => undefined,
      observer: NO_OBSERVER,
    },
  );
}
