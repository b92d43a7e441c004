import { afterEach, expect, test } from 'vitest';

import { waitFor } from '#test/support/wait-for.ts';
import {
  post,
  readRun,
  START,
  useWorkers,
  whenRun,
  type WorkerFixture,
  type WorkerProcess,
} from './worker-fixture.ts';

const fixture = useWorkers();
const workers: WorkerProcess[] = [];

afterEach(async () => {
  for (const worker of workers.splice(0)) {
    worker.signal('SIGTERM');
    await worker.ended;
  }
});

/** Starts another worker whenever one dies, as the supervisor does, until one outlives the poison. */
async function keepWorking(env: Record<string, string>): Promise<{ readonly deaths: () => number }> {
  let deaths = 0;
  const next = async (): Promise<void> => {
    const worker = await fixture.startWorker(env);
    workers.push(worker);
    void worker.ended.then((how) => {
      if (!workers.includes(worker) || how === 0) return;
      workers.splice(workers.indexOf(worker), 1);
      deaths += 1;
      void next();
    });
  };
  await next();
  return { deaths: () => deaths };
}

async function expectGivenUp(id: string): Promise<void> {
  expect(await whenRun(fixture, id, { timeoutMs: 90_000 })).toMatchObject({
    status: 'failed',
    deaths: 3,
    error: { kind: 'bug', code: 'worker_died' },
  });
  const { rows } = await fixture.db.query('select error_code from dead_letter where run_id = $1', [id]);
  expect(rows).toEqual([{ error_code: 'worker_died' }]);
}

const slowFlow = ({ sink, publish }: WorkerFixture) =>
  publish({ nodes: [START, post('slow', `${sink.url}/slow`)], edges: 'start>slow' });

test('a run that kills its workers is a dead letter after three deaths; those that shared a worker with it are not', async () => {
  const { sink } = fixture;
  let release: () => void = () => undefined;
  const held = new Promise<void>((done) => (release = done));
  sink.reply('/slow', { until: held });
  // Fewer than there are wards: they have theirs for as long as they are held.
  const innocent = await fixture.start(await slowFlow(fixture), [{}, {}]);
  // Sends only once the innocent ones are in the worker's hands.
  const poison = await fixture.publish({
    nodes: [START, post('poison', `${sink.url}/poison`)],
    edges: 'start>poison',
  });
  const crew = await keepWorking({ PATCHBAY_CRASH_AT: 'call.before@poison' });
  await sink.waitFor('/slow', 2);
  const [id] = await fixture.start(poison, [{}]);
  await expectGivenUp(id!);
  expect(sink.at('/poison')).toEqual([]);
  // The third time it was alone: the workers went on.
  expect(crew.deaths()).toBe(2);

  const quick = await fixture.publish({
    nodes: [START, post('quick', `${sink.url}/quick`)],
    edges: 'start>quick',
  });
  const [other] = await fixture.start(quick, [{}]);
  expect(await whenRun(fixture, other!)).toMatchObject({ status: 'succeeded', deaths: 0 });
  release();
  for (const each of innocent) expect(await whenRun(fixture, each)).toMatchObject({ status: 'succeeded' });
}, 240_000);

test('a run is not condemned for workers that die of others while it waits for a ward', async () => {
  const { sink } = fixture;
  let release: () => void = () => undefined;
  const held = new Promise<void>((done) => (release = done));
  sink.reply('/slow', { until: held });
  const [innocent] = await fixture.start(await slowFlow(fixture), [{}]);
  await fixture.db.query('update run set deaths = 2 where id = $1', [innocent]);
  const first = await fixture.startWorker();
  await waitFor('the run to be claimed', async () => (await readRun(fixture, innocent!)).lease_worker_id);
  first.signal('SIGKILL');
  await first.ended;
  const second = await fixture.startWorker();
  workers.push(second);
  // A ward has it now.
  const run = await waitFor('the run to be claimed again', async () => {
    const found = await readRun(fixture, innocent!);
    return found.epoch === 2 && found.lease_worker_id !== null ? found : undefined;
  });
  expect(run.deaths).toBe(2);
  const { rows } = await fixture.db.query('select is_ward from worker where id = $1', [run.lease_worker_id]);
  expect(rows).toEqual([{ is_ward: true }]);
  release();
  expect(await whenRun(fixture, innocent!)).toMatchObject({ status: 'succeeded', deaths: 0 });
  // The ward ends by itself.
  await waitFor('the ward to be gone', async () => {
    const wards = await fixture.db.query('select 1 from worker where is_ward');
    return wards.rows.length === 0;
  });
}, 240_000);

test('a reply that takes more memory than a worker has is such a poison', async () => {
  const { sink } = fixture;
  // 9 MB of JSON that becomes many times as much in memory.
  sink.reply('/huge', {
    headers: { 'content-type': 'application/json' },
    body: `[${'[],'.repeat(3_000_000)}0]`,
  });
  const huge = await fixture.publish({ nodes: [START, post('get', `${sink.url}/huge`)], edges: 'start>get' });
  const crew = await keepWorking({ NODE_OPTIONS: '--max-old-space-size=64' });
  const [id] = await fixture.start(huge, [{}]);
  await expectGivenUp(id!);
  expect(crew.deaths()).toBe(2);
  expect(sink.at('/huge')).toHaveLength(3);
}, 240_000);
