import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { waitFor } from '#test/support/wait-for.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';
import { ledgerOf } from './ledger.ts';
import { post, readKeyedSteps, START, useWorkers, whenRun } from './worker-fixture.ts';

const ITEMS = 300;
const CONCURRENCY = 10;
const fixture = useWorkers();

async function committedKeys(runId: string): Promise<ReadonlySet<string>> {
  const { rows } = await fixture.db.query<{ node_id: string; key: string }>(
    "select node_id, key from step where run_id = $1 and status = 'succeeded' and node_id in ('first', 'second')",
    [runId],
  );
  return new Set(rows.map(({ node_id, key }) => idempotencyKey(runId, node_id, key)));
}

test('SIGKILL in the middle of loops in a loop: no item that is on record is done again, and none is left out', async () => {
  const { sink } = fixture;
  for (const path of ['/first', '/second']) sink.reply(path, { delayMs: 5 });
  const call = (id: string) =>
    post(id, `${sink.url}/${id}`, {
      parent: 'inner',
      body: { of: { $expr: 'steps.outer.item' }, n: { $expr: 'item' } },
    });
  const flow = await fixture.publish({
    nodes: [
      START,
      { id: 'outer', type: 'core.each', config: { items: [0, 1, 2], concurrency: 2 } },
      {
        id: 'inner',
        type: 'core.each',
        parent: 'outer',
        config: { items: { $expr: '[1..100]' }, concurrency: CONCURRENCY / 2 },
      },
      call('first'),
      call('second'),
    ],
    edges: 'start>outer first>second',
  });
  let worker = await fixture.startWorker();
  const [id] = await fixture.start(flow, [{}]);
  const kills: { at: number; committed: ReadonlySet<string> }[] = [];
  for (const calls of [120, 330, 520]) {
    await waitFor(`${calls} calls`, () => sink.requests.length >= calls, 30_000);
    worker.signal('SIGKILL');
    await worker.ended;
    // What left the process before it died has arrived by now.
    await sleep(100);
    kills.push({ at: Date.now(), committed: await committedKeys(id!) });
    worker = await fixture.startWorker();
  }
  expect(await whenRun(fixture, id!, { timeoutMs: 40_000 })).toMatchObject({
    status: 'succeeded',
    error: null,
  });

  const ledger = ledgerOf(sink);
  expect(ledger.size).toBe(2 * ITEMS);
  for (const calls of ledger.values()) for (const { body } of calls) expect(body).toEqual(calls[0]!.body);
  for (const { at, committed } of kills) {
    expect(committed.size).toBeGreaterThan(0);
    for (const key of committed) expect(ledger.get(key)!.filter((each) => each.at > at)).toEqual([]);
  }
  expect(sink.requests.length - 2 * ITEMS).toBeLessThanOrEqual(kills.length * CONCURRENCY);

  const steps = await readKeyedSteps(fixture, id!);
  expect(Object.keys(steps)).toHaveLength(1 + 1 + 3 + 2 * ITEMS);
  expect(Object.values(steps).filter(({ status }) => status !== 'succeeded')).toEqual([]);
  expect((steps['inner 2']!.output as { results: unknown[] }).results).toHaveLength(100);
  worker.signal('SIGTERM');
  expect(await worker.ended).toBe(0);
}, 240_000);
