import { beforeAll, describe, expect, test } from 'vitest';

import type { FlowDocument } from '#core/flow-document.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { bookSlots } from '#server/sql/book-slots.ts';

import { claimSome } from './claim-some.ts';
import { readRun, START, useWorkers, whenRun, type PublishedFlow } from './worker-fixture.ts';

const fixture = useWorkers();

function flowWith(settings: FlowDocument['settings']): Promise<PublishedFlow> {
  return fixture.publish({ nodes: [START], edges: '', settings });
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

/** When the runs of a flow began, in milliseconds, in that order. */
async function begunAt(flow: PublishedFlow): Promise<number[]> {
  const { rows } = await fixture.db.query<{ at: number }>(
    `select extract(epoch from started_at)::float8 * 1000 as at from run where flow_id = $1 order by started_at`,
    [flow.id],
  );
  return rows.map(({ at }) => at);
}

describe('slots', () => {
  test('lie evenly; runs that must wait are due at theirs and pass then', async () => {
    const flow = await flowWith({ rate: { runs: 1, seconds: 60 } });
    const runIds = await fixture.startQuietly(flow, numbers(4));
    const workerId = uuidv7();
    const claimed = await claimSome(fixture.db, { workerId, limit: 10 });
    expect(claimed.map(({ isAdmitted }) => isAdmitted)).toEqual([false, false, false, false]);
    const requests = runIds.map((runId) => ({ runId, epoch: 1, seconds: 60 }));
    const booked = await bookSlots(fixture.db, workerId, requests);
    expect([...booked.going]).toEqual([runIds[0]]);
    expect(booked.dueAt).toHaveLength(3);
    const { rows } = await fixture.db.query<{
      id: string;
      wait: number | null;
      status: string;
      began: boolean;
    }>(
      `select id, status::text as status, started_at is not null as began,
         round(extract(epoch from wake_at - now()) / 60)::int as wait from run where flow_id = $1 order by id`,
      [flow.id],
    );
    expect(rows.map(({ wait }) => wait)).toEqual([null, 1, 2, 3]);
    expect(rows.map(({ status }) => status)).toEqual(['running', 'queued', 'queued', 'queued']);
    expect(rows.map(({ began }) => began)).toEqual([true, false, false, false]);
    // Another worker's runs are not ours to book for.
    expect((await bookSlots(fixture.db, uuidv7(), requests)).going.size).toBe(0);
    await fixture.db.query(`update run set wake_at = now() where id = $1`, [runIds[2]]);
    const [again] = await claimSome(fixture.db, { workerId, limit: 10 });
    expect(again).toMatchObject({ id: runIds[2], isAdmitted: true });
    await fixture.db.query('delete from run where flow_id = $1', [flow.id]);
  });

  test('are booked once each by many at the same moment', async () => {
    const flow = await flowWith({ rate: { runs: 10, seconds: 60 } });
    await fixture.startQuietly(flow, numbers(30));
    const dueAt = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const workerId = uuidv7();
        const runs = await claimSome(fixture.db, { workerId, limit: 5 });
        const booked = await bookSlots(
          fixture.db,
          workerId,
          runs.map(({ id, epoch }) => ({ runId: id, epoch, seconds: 6 })),
        );
        return booked.dueAt.map((time) => time.getTime());
      }),
    );
    const slots = dueAt.flat().sort((a, b) => a - b);
    expect(slots).toHaveLength(29);
    const gaps = slots.slice(1).map((slot, index) => slot - slots[index]!);
    expect(Math.min(...gaps)).toBeGreaterThan(5_900);
    expect(Math.max(...gaps)).toBeLessThan(6_100);
    await fixture.db.query('delete from run where flow_id = $1', [flow.id]);
  });
});

describe('a flow with a rate, over two workers', () => {
  beforeAll(async () => {
    const workers = await Promise.all([fixture.startWorker(), fixture.startWorker()]);
    return async () => {
      for (const worker of workers) worker.signal('SIGTERM');
      await Promise.all(workers.map(({ ended }) => ended));
    };
  });

  test('begins no more runs in a time than it says, and begins them all', async () => {
    const flow = await flowWith({ rate: { runs: 10, seconds: 1 } });
    const runIds = await fixture.start(flow, numbers(25));
    for (const id of runIds) expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    const begun = await begunAt(flow);
    expect(begun).toHaveLength(25);
    expect(begun.at(-1)! - begun[0]!).toBeGreaterThanOrEqual(2_300);
    // A start may be late by a few milliseconds, the one after it punctual.
    for (const at of begun)
      expect(begun.filter((other) => other >= at && other < at + 900).length).toBeLessThanOrEqual(11);
  }, 240_000);

  test('lets runs in line begin in their order, too', async () => {
    const flow = await flowWith({ rate: { runs: 20, seconds: 1 }, concurrency: { limit: 2 } });
    const runIds = await fixture.startQuietly(flow, numbers(12));
    await fixture.db.query(`update run set concurrency_key = '', concurrency_limit = 2 where flow_id = $1`, [
      flow.id,
    ]);
    for (const id of runIds) expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
  }, 240_000);

  test('does not keep a run from being cancelled while it waits for its slot', async () => {
    const flow = await flowWith({ rate: { runs: 1, seconds: 3_600 } });
    const [first, second] = (await fixture.start(flow, numbers(2))) as [string, string];
    const started = await Promise.race([
      whenRun(fixture, first).then(() => first),
      whenRun(fixture, second).then(() => second),
    ]);
    const waits = started === first ? second : first;
    await whenRun(fixture, waits, { status: ['queued'] });
    expect((await readRun(fixture, waits)).wake_at!.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    await fixture.db.query('update run set cancel_requested_at = now(), wake_at = now() where id = $1', [
      waits,
    ]);
    expect(await whenRun(fixture, waits)).toMatchObject({ status: 'cancelled' });
  });
});
