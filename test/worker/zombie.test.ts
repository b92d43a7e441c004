import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { post, readAttempts, readRun, readSteps, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();

test('a worker that was stopped and wakes up again changes nothing that another has taken over', async () => {
  const { sink } = fixture;
  // The first call hangs until its worker is a zombie; then it is answered, for the zombie to write down.
  let answer: () => void = () => undefined;
  const held = new Promise<void>((done) => (answer = done));
  sink.reply('/slow', (_, before) =>
    before === 0 ? { until: held, body: 'for the zombie' } : { body: 'for the heir' },
  );
  const flow = await fixture.publish({
    nodes: [START, post('one', `${sink.url}/slow`), post('two', `${sink.url}/two`)],
    edges: 'start>one one>two',
  });
  const zombie = await fixture.startWorker();
  const [id] = await fixture.start(flow, [{}]);
  await sink.waitFor('/slow', 1);
  await sleep(500);
  zombie.signal('SIGSTOP');
  const stoppedAt = performance.now();
  const heir = await fixture.startWorker();

  await whenRun(fixture, id!, { timeoutMs: 20_000 });
  expect(performance.now() - stoppedAt).toBeLessThan(15_000);
  const rowsOf = async () =>
    JSON.stringify([
      await readRun(fixture, id!),
      await readSteps(fixture, id!),
      await readAttempts(fixture, id!),
    ]);
  const written = await rowsOf();
  expect((await readSteps(fixture, id!))['one']?.output).toMatchObject({ body: 'for the heir' });

  answer();
  zombie.signal('SIGCONT');
  await sleep(2_000);
  expect(await rowsOf()).toBe(written);
  expect(sink.at('/slow')).toHaveLength(2);
  expect(sink.at('/two')).toHaveLength(1);

  // It is an ordinary worker again.
  heir.signal('SIGTERM');
  expect(await heir.ended).toBe(0);
  const [next] = await fixture.start(flow, [{}]);
  expect(await whenRun(fixture, next!)).toMatchObject({ status: 'succeeded' });
  const workers = await fixture.db.query('select 1 from worker');
  expect(workers.rows).toHaveLength(1);
  zombie.signal('SIGTERM');
  expect(await zombie.ended).toBe(0);
}, 240_000);
