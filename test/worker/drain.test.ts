import { describe, expect, test } from 'vitest';

import { openConnection } from '#server/connections/open-connection.ts';
import { NO_RUN_SERVICES } from '#test/support/no-run-services.ts';
import { createPool } from '#server/db/pool.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { stopQueue } from '#server/queue/boss.ts';
import { Worker } from '#worker/worker.ts';
import { repeatsIn } from './ledger.ts';
import { post, readRun, readSteps, START, useWorkers, whenAllEnded, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();

const twoCalls = () =>
  fixture.publish({
    nodes: [START, post('one', `${fixture.sink.url}/one`), post('two', `${fixture.sink.url}/two`)],
    edges: 'start>one one>two',
  });

async function leases(): Promise<number> {
  const { rows } = await fixture.db.query('select 1 from run where lease_worker_id is not null');
  return rows.length;
}

describe('a graceful stop', () => {
  test('with 60 runs in hand: exit 0, everything let go, nothing called twice', async () => {
    const { sink } = fixture;
    for (const path of ['/one', '/two']) sink.reply(path, { delayMs: 300 });
    const flow = await twoCalls();
    for (let round = 0; round < 3; round++) {
      const before = sink.at('/one').length;
      const worker = await fixture.startWorker({ PATCHBAY_CONCURRENCY: '30' });
      await fixture.start(
        flow,
        Array.from({ length: 60 }, () => ({})),
      );
      await sink.waitFor('/one', before + 10);
      worker.signal('SIGTERM');
      expect(await worker.ended).toBe(0);
      expect(await leases()).toBe(0);
      expect((await fixture.db.query('select 1 from worker')).rows).toEqual([]);
    }
    const last = await fixture.startWorker();
    await whenAllEnded(fixture);
    expect(sink.requests).toHaveLength(3 * 60 * 2);
    expect(repeatsIn(sink)).toEqual([]);
    last.signal('SIGTERM');
    expect(await last.ended).toBe(0);
  }, 240_000);

  test('also when the supervisor goes away', async () => {
    const worker = await fixture.startWorker();
    worker.disconnect();
    expect(await worker.ended).toBe(0);
  });

  test('a second request ends it at once, with exit 1; the run goes on elsewhere', async () => {
    const { sink } = fixture;
    sink.reply('/stuck', (_, before) => (before === 0 ? { delayMs: 60_000 } : {}));
    const flow = await fixture.publish({
      nodes: [START, post('post', `${sink.url}/stuck`)],
      edges: 'start>post',
    });
    const worker = await fixture.startWorker();
    const [id] = await fixture.start(flow, [{}]);
    await sink.waitFor('/stuck', 1);
    worker.signal('SIGTERM');
    await new Promise((done) => setTimeout(done, 300));
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(1);
    const next = await fixture.startWorker();
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'succeeded' });
    next.signal('SIGTERM');
    expect(await next.ended).toBe(0);
  });

  test('steps that do not finish in time are broken off: repeatable ones are handed over, others put in doubt', async () => {
    const { sink } = fixture;
    sink.reply('/hang', (_, before) => (before < 2 ? { delayMs: 60_000 } : {}));
    const flow = (effect: 'keyed' | 'once') =>
      fixture.publish({ nodes: [START, post('post', `${sink.url}/hang`, { effect })], edges: 'start>post' });
    const pool = createPool(fixture.databaseUrl);
    const http = egressClient({ allow: '127.0.0.1', ownPorts: [] });
    const worker = new Worker({
      pool,
      concurrency: 4,
      http,
      openConnection,
      runServices: () => NO_RUN_SERVICES,
    });
    await worker.start();
    const [keyed] = await fixture.start(await flow('keyed'), [{}]);
    const [once] = await fixture.start(await flow('once'), [{}]);
    await sink.waitFor('/hang', 2);
    await worker.drain(200);
    expect(await readRun(fixture, keyed!)).toMatchObject({ status: 'queued', lease_worker_id: null });
    expect(await readRun(fixture, once!)).toMatchObject({ status: 'in_doubt', lease_worker_id: null });
    expect((await readSteps(fixture, once!))['post']).toMatchObject({ status: 'in_doubt' });
    await stopQueue();
    await http.close();
    await pool.end();

    const next = await fixture.startWorker();
    expect(await whenRun(fixture, keyed!)).toMatchObject({ status: 'succeeded' });
    expect(sink.at('/hang')).toHaveLength(3);
    next.signal('SIGTERM');
    expect(await next.ended).toBe(0);
  });
});
