import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { concurrencyOf } from '#server/runs/concurrency-of.ts';
import { jsonEvent } from '#server/runs/manual-event.ts';

import { insertRun } from '#server/sql/insert-run.ts';
import type { Sink } from '#test/support/sink.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { claimSome } from './claim-some.ts';
import {
  post,
  readRun,
  START,
  useWorkers,
  whenAllEnded,
  whenRun,
  type PublishedFlow,
  type WorkerProcess,
} from './worker-fixture.ts';

const fixture = useWorkers();

/** Starts runs as they are started when their flow has the setting, all in one commit. */
function startKeyed(
  flow: PublishedFlow,
  inputs: readonly Json[],
  concurrency: { key: Json; limit: number },
): Promise<string[]> {
  const { workspaceId, db } = fixture;
  return inClientTransaction(async (client) => {
    const runIds: string[] = [];
    for (const input of inputs) {
      const runId = uuidv7();
      const version = { id: flow.versionId, number: 1 };
      const made = await concurrencyOf(
        { concurrency },
        { trigger: () => ({ body: input }), flow: { slug: flow.slug, version: 1 } },
      );
      await insertRun(client, {
        runId,
        eventId: uuidv7(),
        workspaceId,
        flow: { id: flow.id, slug: flow.slug, name: flow.slug },
        version,
        kind: 'manual',
        event: jsonEvent(input),
        concurrency: made,
      });
      runIds.push(runId);
    }
    return runIds;
  }, db);
}

interface Span {
  readonly id: string;
  readonly key: string;
  readonly startedAt: number;
}

async function spansOf(flow: PublishedFlow): Promise<Span[]> {
  const { rows } = await fixture.db.query<{ id: string; key: string; from: number }>(
    `select id, concurrency_key as key, extract(epoch from started_at)::float8 * 1000 as from
     from run where flow_id = $1 order by id`,
    [flow.id],
  );
  return rows.map((row) => ({ id: row.id, key: row.key, startedAt: row.from }));
}

/** Has the far end take its time, and counts the calls in its hands: the most of each customer, and of all. */
function countAtOnce(sink: Sink, path: string) {
  const open = new Map<string, number>();
  const most = new Map<string, number>();
  let mostOfAll = 0;
  const count = (customer: string, change: number) => {
    const now = (open.get(customer) ?? 0) + change;
    open.set(customer, now);
    most.set(customer, Math.max(most.get(customer) ?? 0, now));
    mostOfAll = Math.max(
      mostOfAll,
      [...open.values()].reduce((sum, each) => sum + each, 0),
    );
  };
  sink.reply(path, (request) => {
    const { customer } = request.json() as { customer: string };
    count(customer, 1);
    return { until: sleep(15).then(() => count(customer, -1)) };
  });
  return { most, mostOfAll: () => mostOfAll };
}

describe.each([1, 3])('runs of one key, %i at a time, over three workers', (limit) => {
  let workers: WorkerProcess[] = [];
  beforeAll(async () => {
    workers = await Promise.all([1, 2, 3].map(() => fixture.startWorker({ PATCHBAY_CONCURRENCY: '16' })));
    return async () => {
      for (const worker of workers) worker.signal('SIGKILL');
      await Promise.all(workers.map(({ ended }) => ended));
    };
  });

  test('begin in the order of their ids, and never more than that at once', async () => {
    const { sink } = fixture;
    const atOnce = countAtOnce(sink, `/work-${limit}`);
    const flow = await fixture.publish({
      nodes: [START, post('post', `${sink.url}/work-${limit}`, { body: { $expr: 'trigger.body' } })],
      edges: 'start>post',
    });
    const inputs = Array.from({ length: 200 }, (_, n) => ({ n, customer: `c${n % 4}` }));
    const runIds = await startKeyed(flow, inputs, { key: { $expr: 'trigger.body.customer' }, limit });
    await wakeRuns(fixture.db, runIds);
    await whenAllEnded(fixture, 90_000);
    const spans = await spansOf(flow);
    expect(spans).toHaveLength(200);
    expect(sink.at(`/work-${limit}`)).toHaveLength(200);
    for (const key of ['=c0', '=c1', '=c2', '=c3']) {
      const line = spans.filter((span) => span.key === key);
      expect(line).toHaveLength(50);
      // A claim gives all that it takes the same time.
      expect(line.map(({ startedAt }) => startedAt)).toEqual(
        line.map(({ startedAt }) => startedAt).sort((a, b) => a - b),
      );
    }
    // Seen from the far end, whose clock is one.
    expect(Math.max(...atOnce.most.values())).toBe(limit);
    expect(atOnce.mostOfAll()).toBeGreaterThan(limit);
  }, 240_000);
});

describe('with one worker', () => {
  beforeAll(async () => {
    const worker = await fixture.startWorker();
    return async () => {
      worker.signal('SIGTERM');
      await worker.ended;
    };
  });

  test('a run that waits keeps its turn; a queued one that is cancelled gives it up', async () => {
    const flow = await fixture.publish({
      nodes: [
        START,
        { id: 'wait', type: 'core.wait', config: { seconds: { $expr: 'trigger.body.seconds' } } },
      ],
      edges: 'start>wait',
    });
    const [first, second, third] = (await startKeyed(flow, [{ seconds: 2 }, { seconds: 0 }, { seconds: 0 }], {
      key: 'all',
      limit: 1,
    })) as [string, string, string];
    await whenRun(fixture, first, { status: ['waiting'] });
    await waitFor('the others to be parked', async () => {
      const { rows } = await fixture.db.query(
        'select 1 from run where flow_id = $1 and wake_at is null and status = $2',
        [flow.id, 'queued'],
      );
      return rows.length === 2;
    });
    await fixture.db.query('update run set cancel_requested_at = now(), wake_at = now() where id = $1', [
      second,
    ]);
    expect(await whenRun(fixture, second)).toMatchObject({ status: 'cancelled' });
    expect(await readRun(fixture, first)).toMatchObject({ status: 'waiting' });
    const last = await whenRun(fixture, third);
    expect(last.status).toBe('succeeded');
    const ended = await readRun(fixture, first);
    expect(ended.status).toBe('succeeded');
    expect(last.finished_at!.getTime()).toBeGreaterThanOrEqual(ended.finished_at!.getTime());
  });

  test('a key that fails loses no event: the run fails as it begins, naming the setting', async () => {
    const flow = await fixture.publish({ nodes: [START], edges: '' });
    const [runId] = await startKeyed(flow, [{ n: 1 }], { key: { $expr: '$number("x")' }, limit: 1 });
    const run = await whenRun(fixture, runId!);
    expect(run).toMatchObject({ status: 'failed', error: { pointer: '/settings/concurrency/key' } });
    expect(run.error!.message).toContain('concurrency');
  });

  test('the end of a failed run wakes the next', async () => {
    const flow = await fixture.publish({
      nodes: [START, { id: 'stop', type: 'core.stop', config: { status: 'failed' } }],
      edges: 'start>stop',
    });
    const runIds = await startKeyed(flow, [1, 2, 3, 4], { key: 'x', limit: 1 });
    for (const id of runIds) expect(await whenRun(fixture, id)).toMatchObject({ status: 'failed' });
  });
});

describe('without a worker', () => {
  test('10,000 blocked runs are parked by a few claims and cost the next ones nothing', async () => {
    const flow = await fixture.publish({ nodes: [START], edges: '' });
    await fixture.db.query(
      `insert into run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, version_number, started_by, wake_at,
         concurrency_key, concurrency_limit)
       select gen_random_uuid(), $1, $2, 'x', 'x', $3, 1, 'manual', now(), '=one', 1 from generate_series(1, 10000)`,
      [fixture.workspaceId, flow.id, flow.versionId],
    );
    const claim = { workerId: uuidv7(), limit: 16 };
    const claimed = [];
    for (let round = 0; round < 6; round++) claimed.push(...(await claimSome(fixture.db, claim)));
    expect(claimed).toHaveLength(1);
    const { rows: smallest } = await fixture.db.query<{ id: string }>(
      'select id from run where flow_id = $1 order by id limit 1',
      [flow.id],
    );
    expect(claimed[0]!.id).toBe(smallest[0]!.id);
    const { rows } = await fixture.db.query('select 1 from run where wake_at is not null and flow_id = $1', [
      flow.id,
    ]);
    expect(rows).toHaveLength(0);
    expect(await claimSome(fixture.db, claim)).toEqual([]);
    await fixture.db.query('delete from run where flow_id = $1', [flow.id]);
  }, 240_000);

  test('workers that claim at the same moment do not let more than the limit begin', async () => {
    const flow = await fixture.publish({ nodes: [START], edges: '' });
    await startKeyed(
      flow,
      Array.from({ length: 60 }, (_, n) => ({ n })),
      { key: 'one', limit: 5 },
    );
    const claims = await Promise.all(
      Array.from({ length: 12 }, () => claimSome(fixture.db, { workerId: uuidv7(), limit: 3 })),
    );
    const ids = claims.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const { rows } = await fixture.db.query<{ id: string; began: boolean }>(
      'select id, started_at is not null as began from run where flow_id = $1 order by id',
      [flow.id],
    );
    expect(rows.map(({ began }) => began)).toEqual(rows.map((_, index) => index < 5));
    await fixture.db.query('delete from run where flow_id = $1', [flow.id]);
  });

  test('the reconciler finds a line that a crash left asleep', async () => {
    const flow = await fixture.publish({ nodes: [START], edges: '' });
    const runIds = await startKeyed(flow, [1, 2, 3], { key: 'one', limit: 1 });
    await fixture.db.query('update run set wake_at = null where flow_id = $1', [flow.id]);
    const worker = await fixture.startWorker();
    for (const id of runIds) expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    worker.signal('SIGTERM');
    await worker.ended;
  }, 240_000);
});
