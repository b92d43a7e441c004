import { expect, test } from 'vitest';

import { wakeRuns } from '#server/queue/wake-runs.ts';
import { insertSignals } from '#server/sql/insert-signal.ts';
import { repeatsIn } from './ledger.ts';
import { post, readKeyedSteps, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();

test('SIGTERM in the middle of a loop: the next worker goes on with the items that are left, none is called twice', async () => {
  const { sink } = fixture;
  sink.reply('/item', { delayMs: 20 });
  const flow = await fixture.publish({
    nodes: [
      START,
      { id: 'loop', type: 'core.each', config: { items: { $expr: '[1..60]' }, concurrency: 3 } },
      post('call', `${sink.url}/item`, { parent: 'loop', body: { n: { $expr: 'item' } } }),
    ],
    edges: 'start>loop',
  });
  const first = await fixture.startWorker();
  const [id] = await fixture.start(flow, [{}]);
  await sink.waitFor('/item', 20);
  first.signal('SIGTERM');
  expect(await first.ended).toBe(0);
  const called = sink.at('/item').length;
  expect(called).toBeLessThan(60);
  const second = await fixture.startWorker();
  expect(await whenRun(fixture, id!, { timeoutMs: 20_000 })).toMatchObject({
    status: 'succeeded',
    epoch: 2,
    deaths: 0,
  });
  expect(sink.at('/item')).toHaveLength(60);
  expect(repeatsIn(sink)).toEqual([]);
  second.signal('SIGTERM');
  expect(await second.ended).toBe(0);
}, 240_000);

test('a signal reaches the one step that it names, in its own iteration', async () => {
  const worker = await fixture.startWorker();
  const flow = await fixture.publish({
    nodes: [
      START,
      { id: 'loop', type: 'core.each', config: { items: ['a', 'b', 'c'], concurrency: 3 } },
      { id: 'wait', type: 'core.wait', parent: 'loop', config: { seconds: 3_600 } },
      { id: 'after', type: 'core.map', parent: 'loop', config: { output: { $expr: 'item' } } },
    ],
    edges: 'start>loop wait>after',
  });
  const [id] = await fixture.start(flow, [{}]);
  await whenRun(fixture, id!, { status: ['waiting'] });
  const tell = async (key: string) => {
    await wakeRuns(
      fixture.db,
      await insertSignals(fixture.db, [{ runId: id!, nodeId: 'wait', key, payload: null }]),
    );
    await expect
      .poll(async () => (await readKeyedSteps(fixture, id!))[`wait ${key}`]?.status)
      .toBe('succeeded');
  };
  await tell('1');
  const { 'wait 0': first } = await readKeyedSteps(fixture, id!);
  expect(first).toMatchObject({ status: 'waiting', waiting_for: 'time' });
  await tell('2');
  await tell('0');
  expect(await whenRun(fixture, id!)).toMatchObject({
    status: 'succeeded',
    output: { results: ['a', 'b', 'c'], errors: [] },
  });
  worker.signal('SIGTERM');
  await worker.ended;
}, 240_000);
