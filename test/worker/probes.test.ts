import { expect, test } from 'vitest';

import { freePort } from '#test/support/free-port.ts';
import { parseExposition, sampleOf, type MetricFamily } from '#test/support/parse-exposition.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { post, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();

async function measured(url: string): Promise<ReadonlyMap<string, MetricFamily>> {
  const reply = await fetch(`${url}/metrics`);
  expect(reply.headers.get('content-type')).toContain('version=0.0.4');
  return parseExposition(await reply.text());
}

test('a worker says on a port of its own what it does, and whether it can', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const worker = await fixture.startWorker({
    PATCHBAY_WORKER_PORT: String(port),
    PATCHBAY_CONCURRENCY: '7',
    LOG_LEVEL: 'info',
  });
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await fetch(`${url}/api/v1/flows`)).status).toBe(404);

  const { sink } = fixture;
  sink.reply('/flaky', (_, before) => (before === 0 ? { status: 503 } : {}));
  sink.reply('/broken', () => ({ status: 400 }));
  const retry = { attempts: 2, baseSeconds: 0.01, maxSeconds: 0.01 };
  const good = await fixture.publish({
    nodes: [START, post('a', `${sink.url}/flaky`, { retry })],
    edges: 'start>a',
  });
  const bad = await fixture.publish({ nodes: [START, post('a', `${sink.url}/broken`)], edges: 'start>a' });
  const [first] = await fixture.start(good, [{}]);
  const [second] = await fixture.start(bad, [{}]);
  await whenRun(fixture, first!);
  await whenRun(fixture, second!);

  const families = await waitFor('both ends to be counted', async () => {
    const read = await measured(url);
    return sampleOf(read, 'patchbay_runs_ended_total', { status: 'failed' }) ? read : undefined;
  });
  const value = (name: string, labels = {}) => sampleOf(families, name, labels);
  expect(value('patchbay_runs_started_total')).toBe(2);
  expect(value('patchbay_runs_ended_total', { status: 'succeeded' })).toBe(1);
  expect(value('patchbay_dead_letters_total')).toBe(1);
  expect(value('patchbay_run_start_delay_seconds_count')).toBe(2);
  expect(value('patchbay_run_seconds_count', { status: 'succeeded' })).toBe(1);
  const attempts = (outcome: string) => value('patchbay_step_attempts_total', { connector: 'http', outcome });
  expect([attempts('succeeded'), attempts('failed'), attempts('retry')]).toEqual([1, 1, 1]);
  expect(value('patchbay_step_attempt_seconds_count', { connector: 'http' })).toBe(3);
  expect(value('patchbay_run_slots')).toBe(7);
  expect(value('patchbay_pool_connections', { pool: 'hot', state: 'open' })).toBeGreaterThan(0);
  expect(value('patchbay_process_cpu_seconds_total')).toBeGreaterThan(0);

  // The log tells the failed run by its id, and says nothing of the other one.
  const lines = worker
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  const ofRuns = lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ part }) => part === 'run');
  expect(ofRuns).toMatchObject([
    { runId: second, flow: bad.slug, nodeId: 'a', code: 'http_status', msg: 'a run failed' },
  ]);

  // Labels never carry what users make: ids, slugs, URLs.
  const labels = new Set(
    [...families.values()].flatMap(({ samples }) => samples.flatMap((s) => Object.keys(s.labels))),
  );
  const ours = [...labels].filter(
    (label) =>
      !['le', 'kind', 'type', 'space', 'version', 'major', 'minor', 'patch', 'quantile'].includes(label),
  );
  expect(ours.sort()).toEqual(['connector', 'outcome', 'pool', 'state', 'status']);

  worker.signal('SIGTERM');
  expect(await worker.ended).toBe(0);
});

test('a worker that cannot open its port says which variable to change', async () => {
  const taken = new URL(fixture.sink.url).port;
  await expect(fixture.startWorker({ PATCHBAY_WORKER_PORT: taken })).rejects.toThrow('PATCHBAY_WORKER_PORT');
});
