import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import { describe, expect, test } from 'vitest';

import { wakeRuns } from '#server/queue/wake-runs.ts';
import { startTcpProxy } from '#test/support/tcp-proxy.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { repeatsIn } from './ledger.ts';
import { post, START, useWorkers, whenAllEnded, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();

const calls = () =>
  fixture.publish({
    nodes: [START, post('one', `${fixture.sink.url}/one`), post('two', `${fixture.sink.url}/two`)],
    edges: 'start>one one>two',
  });

describe('the database goes away', () => {
  test('in the middle of runs: the worker stays up, goes on within 3 s of its return, and calls nothing twice', async () => {
    const { sink } = fixture;
    for (const path of ['/one', '/two']) sink.reply(path, { delayMs: 40 });
    const url = new URL(fixture.databaseUrl);
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    const worker = await fixture.startWorker({ DATABASE_URL: url.href, PATCHBAY_CONCURRENCY: '8' });
    const flow = await calls();
    await fixture.start(
      flow,
      Array.from({ length: 100 }, () => ({})),
    );
    for (const seen of [30, 100]) {
      await waitFor(`${seen} calls`, () => sink.requests.length >= seen);
      await proxy.cut();
      await sleep(3_000);
      const during = sink.requests.length;
      await proxy.restore();
      const back = performance.now();
      await waitFor('a call after the return', () => sink.requests.length > during);
      expect(performance.now() - back).toBeLessThan(3_000);
    }
    await whenAllEnded(fixture);
    const { rows } = await fixture.db.query('select distinct status from run');
    expect(rows).toEqual([{ status: 'succeeded' }]);
    expect(sink.requests).toHaveLength(200);
    expect(repeatsIn(sink)).toEqual([]);
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
    await proxy.cut();
  }, 240_000);
});

describe('the queue is only a hint', () => {
  test('its jobs are deleted under load, then the whole of it: every run still ends', async () => {
    const worker = await fixture.startWorker();
    const flow = await calls();
    let truncated = 0;
    const truncating = (async () => {
      for (let index = 0; index < 20; index++) {
        truncated += await truncateJobs();
        await sleep(50);
      }
    })();
    for (let index = 0; index < 20; index++) {
      const runIds = await fixture.startQuietly(flow, [{}, {}, {}, {}, {}]);
      await wakeRuns(fixture.db, runIds).catch(toleratesDeadlock);
      await sleep(40);
    }
    await truncating;
    expect(truncated).toBeGreaterThan(10);
    await whenAllEnded(fixture);

    const late = await fixture.startQuietly(flow, [{}, {}]);
    await fixture.db.query('drop schema pgboss cascade').catch(toleratesDeadlock);
    for (const id of late) expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    // Without a queue the poll finds runs.
    const [alone] = await fixture.startQuietly(flow, [{}]);
    expect(await whenRun(fixture, alone!)).toMatchObject({ status: 'succeeded' });
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
  }, 240_000);
});

/** Truncating needs the table alone; a statement of the queue in between is what Postgres calls a deadlock. */
async function truncateJobs(): Promise<number> {
  const result = await fixture.db.query('truncate pgboss.job').catch(toleratesDeadlock);
  return result ? 1 : 0;
}

function toleratesDeadlock(error: unknown): undefined {
  if (!(error instanceof pg.DatabaseError) || error.code !== '40P01') throw error;
}
