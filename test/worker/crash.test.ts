import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { waitFor } from '#test/support/wait-for.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';
import { ledgerOf, repeatsIn } from './ledger.ts';
import {
  post,
  readAttempts,
  readRun,
  readSteps,
  START,
  useWorkers,
  whenAllEnded,
  whenRun,
} from './worker-fixture.ts';

const RUNS = 200;
const CONCURRENCY = 16;
const fixture = useWorkers();

/** Ids of the steps whose results are committed, by their idempotency key. */
async function committedKeys(): Promise<ReadonlySet<string>> {
  const { rows } = await fixture.db.query<{ run_id: string; node_id: string }>(
    "select run_id, node_id from step where status = 'succeeded' and node_id in ('first', 'second')",
  );
  return new Set(rows.map((row) => idempotencyKey(row.run_id, row.node_id, '')));
}

describe('SIGKILL in the middle of 200 runs', () => {
  test('all end; a step whose result was committed is never called again', async () => {
    const { sink } = fixture;
    for (const path of ['/first', '/second']) sink.reply(path, { delayMs: 15 });
    const call = (id: string) =>
      post(id, `${sink.url}/${id}`, { body: { order: { $expr: 'steps.map.order' }, step: id } });
    const flow = await fixture.publish({
      nodes: [
        START,
        { id: 'map', type: 'core.map', config: { output: { order: { $expr: 'trigger.body.n' } } } },
        call('first'),
        call('second'),
      ],
      edges: 'start>map map>first first>second',
    });
    const env = { PATCHBAY_CONCURRENCY: String(CONCURRENCY) };
    let worker = await fixture.startWorker(env);
    const runIds = await fixture.start(
      flow,
      Array.from({ length: RUNS }, (_, n) => ({ n })),
    );

    const kills: { at: number; committed: ReadonlySet<string> }[] = [];
    for (const calls of [50, 130, 210, 290]) {
      await waitFor(`${calls} calls`, () => sink.requests.length >= calls, 30_000);
      worker.signal('SIGKILL');
      expect(await worker.ended).toBe('SIGKILL');
      // What left the process before it died has arrived by now.
      await sleep(100);
      kills.push({ at: Date.now(), committed: await committedKeys() });
      worker = await fixture.startWorker(env);
    }
    await whenAllEnded(fixture);

    const { rows } = await fixture.db.query('select status, count(*)::int from run group by status');
    expect(rows).toEqual([{ status: 'succeeded', count: RUNS }]);
    expect(await committedKeys()).toEqual(
      new Set(runIds.flatMap((id) => [idempotencyKey(id, 'first', ''), idempotencyKey(id, 'second', '')])),
    );

    // Every step was called, always under one key and with the same body.
    const ledger = ledgerOf(sink);
    expect(ledger.size).toBe(2 * RUNS);
    for (const calls of ledger.values()) for (const { body } of calls) expect(body).toEqual(calls[0]!.body);
    expect(new Set([...ledger.values()].map(([first]) => JSON.stringify(first!.body))).size).toBe(2 * RUNS);
    // Nothing that was committed at a kill was called after it.
    for (const { at, committed } of kills)
      for (const key of committed)
        expect(
          ledger.get(key)!.filter((each) => each.at > at),
          key,
        ).toEqual([]);
    // What was repeated had been in flight at a kill.
    expect(repeatsIn(sink).length).toBeLessThanOrEqual(kills.length * CONCURRENCY);
    // The kills did hit runs in the middle.
    const interrupted = await fixture.db.query('select 1 from run where epoch > 1');
    expect(interrupted.rows.length).toBeGreaterThan(kills.length);
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
  }, 240_000);
});

describe('a worker that died', () => {
  test('is noticed by another within 5 s, which goes on with its runs', async () => {
    const { sink } = fixture;
    sink.reply('/slow-once', (_, before) => (before === 0 ? { delayMs: 60_000 } : {}));
    const flow = await fixture.publish({
      nodes: [START, post('post', `${sink.url}/slow-once`)],
      edges: 'start>post',
    });
    const first = await fixture.startWorker();
    const [id] = await fixture.start(flow, [{}]);
    await sink.waitFor('/slow-once', 1);
    const second = await fixture.startWorker();
    first.signal('SIGKILL');
    const killedAt = performance.now();
    await whenRun(fixture, id!);
    expect(performance.now() - killedAt).toBeLessThan(5_000);
    expect(await readRun(fixture, id!)).toMatchObject({ status: 'succeeded', epoch: 2 });
    second.signal('SIGTERM');
    await second.ended;
  });

  test('in the middle of a call that must not be repeated: the step is in doubt, and is not repeated', async () => {
    const { sink } = fixture;
    sink.reply('/once', { delayMs: 60_000 });
    const flow = await fixture.publish({
      nodes: [START, post('pay', `${sink.url}/once`, { effect: 'once' })],
      edges: 'start>pay',
    });
    const worker = await fixture.startWorker();
    const [id] = await fixture.start(flow, [{}]);
    await sink.waitFor('/once', 1);
    // Its intent was committed before the call.
    expect((await readSteps(fixture, id!))['pay']).toMatchObject({ status: 'running', attempts: 1 });
    worker.signal('SIGKILL');
    const successor = await fixture.startWorker();
    await whenRun(fixture, id!, { status: ['in_doubt'] });
    expect((await readSteps(fixture, id!))['pay']).toMatchObject({
      status: 'in_doubt',
      error: { kind: 'uncertain', code: 'worker_gone' },
    });
    expect(await readAttempts(fixture, id!)).toMatchObject([{ number: 1, error: { code: 'worker_gone' } }]);
    await sleep(1_500);
    expect(sink.at('/once')).toHaveLength(1);
    expect(await readRun(fixture, id!)).toMatchObject({
      status: 'in_doubt',
      wake_at: null,
      lease_worker_id: null,
    });
    successor.signal('SIGTERM');
    await successor.ended;
  });

  test('while a step was shown as running: the attempt is closed and the next one counts on', async () => {
    const { sink } = fixture;
    sink.reply('/shown', (_, before) => (before === 0 ? { delayMs: 60_000 } : {}));
    const flow = await fixture.publish({
      nodes: [START, post('post', `${sink.url}/shown`)],
      edges: 'start>post',
    });
    const worker = await fixture.startWorker();
    const [id] = await fixture.start(flow, [{}]);
    await waitFor('the step to be shown', async () => (await readSteps(fixture, id!))['post']);
    worker.signal('SIGKILL');
    const successor = await fixture.startWorker();
    await whenRun(fixture, id!);
    expect(await readAttempts(fixture, id!)).toMatchObject([
      { number: 1, error: { code: 'worker_gone' } },
      { number: 2, error: null },
    ]);
    successor.signal('SIGTERM');
    await successor.ended;
  });
});
