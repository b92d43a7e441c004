import { beforeAll, describe, expect, test } from 'vitest';

import { BREAKER_LAW } from '#core/breaker.ts';
import { retryStepsNow } from '#server/recovery/order-step.ts';
import { takeProbe } from '#server/sql/breakers.ts';
import { waitFor } from '#test/support/wait-for.ts';
import {
  operatorOf,
  post,
  readAttempts,
  readRun,
  readSteps,
  START,
  useWorkers,
  whenRun,
  type PublishedFlow,
  type WorkerProcess,
} from './worker-fixture.ts';

const fixture = useWorkers();
let workers: WorkerProcess[] = [];
beforeAll(async () => {
  workers = await Promise.all([startWorker(), startWorker()]);
});

/** Takes two runs at a time, so that a dozen are shared by both workers. */
const startWorker = () => fixture.startWorker({ PATCHBAY_CONCURRENCY: '2' });

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

/** A flow that posts to a far end of its own: `localhost` and `127.0.0.1` are two. */
function flowTo(path: string, { effect, attempts = 1 }: { effect?: 'once'; attempts?: number } = {}) {
  const node = post('post', `${fixture.sink.url}${path}`, { retry: { attempts, baseSeconds: 0.05 } });
  return fixture.publish({ nodes: [START, { ...node, ...(effect && { effect }) }], edges: 'start>post' });
}

const scope = () => `host:${new URL(fixture.sink.url).host}`;

async function breaker(): Promise<{ state: string; failures: number; paused_until: Date; reason: string }> {
  const { rows } = await fixture.db.query('select * from breaker where scope = $1', [scope()]);
  return rows[0] as Awaited<ReturnType<typeof breaker>>;
}

/** As if the pause were over. */
const endPause = () =>
  fixture.db.query('update breaker set paused_until = now() where scope = $1', [scope()]);

/** Begins with a breaker that knows nothing, in the workers too. */
async function forget(): Promise<void> {
  await fixture.db.query('delete from breaker');
  fixture.sink.reply('/well', {});
  await knownToAll('succeeded');
}

/** Workers read what others found once a second. */
const ALL_KNOW_MS = 1_500;

/** Resolves once runs have ended so, or waited, for as long as it takes that both workers know. */
async function knownToAll(status: 'succeeded' | 'waiting'): Promise<void> {
  const flow = await flowTo('/well');
  let since = Infinity;
  await waitFor(`all runs to be ${status}`, async () => {
    const asked = performance.now();
    const runs = await fixture.start(flow, numbers(4));
    const seen = await Promise.all(runs.map(readSoon));
    since = seen.every((run) => run.status === status) ? Math.min(since, asked) : Infinity;
    return performance.now() - since > ALL_KNOW_MS;
  });
  await fixture.db.query(`delete from run where flow_id = $1 and status = 'waiting'`, [flow.id]);
}

const readSoon = (id: string) => whenRun(fixture, id, { status: ['succeeded', 'failed', 'waiting'] });

/** Fails as many calls as it takes. */
async function open(path = '/ill'): Promise<void> {
  fixture.sink.reply(path, { status: 503 });
  await fixture.start(await flowTo(path), numbers(BREAKER_LAW.failures));
  await waitFor('the breaker to open', async () => (await breaker())?.state === 'open');
  // However slow the machine, it is still open when the test goes on.
  await fixture.db.query(`update breaker set paused_until = now() + interval '1 hour' where scope = $1`, [
    scope(),
  ]);
  await knownToAll('waiting');
}

/** Starts runs and waits until all wait. */
async function heldRuns(flow: PublishedFlow, count: number): Promise<string[]> {
  const runs = await fixture.start(flow, numbers(count));
  for (const id of runs) await whenRun(fixture, id, { status: ['waiting'] });
  return runs;
}

const calls = (path: string) => fixture.sink.at(path).length;

describe('a far end that fails', () => {
  test('is left alone once ten calls failed in a row; what waits for it makes no attempt, and goes on when it is well', async () => {
    await forget();
    await open('/shop');
    const before = calls('/shop');
    const runs = await heldRuns(await flowTo('/shop', { attempts: 2 }), 12);
    const step = (await readSteps(fixture, runs[0]!))['post']!;
    expect(step).toMatchObject({ status: 'waiting', waiting_for: 'breaker', attempts: 0, error: null });
    expect(step.next_attempt_at!.getTime()).toBeGreaterThan((await breaker()).paused_until.getTime());
    expect(await readAttempts(fixture, runs[0]!)).toEqual([]);
    expect(calls('/shop')).toBe(before);

    fixture.sink.reply('/shop', {});
    await endPause();
    for (const id of runs) {
      expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
      expect(await readAttempts(fixture, id)).toMatchObject([{ number: 1, error: null }]);
    }
    expect(await breaker()).toMatchObject({ state: 'closed', failures: 0, paused_until: null });
  }, 240_000);

  test('is tried by one call at a time over all workers; when that fails, all wait longer, at no cost', async () => {
    await forget();
    await open();
    const answered = Promise.withResolvers<undefined>();
    fixture.sink.reply('/ill', { status: 503, until: answered.promise });
    const runs = await heldRuns(await flowTo('/ill'), 60);
    const before = calls('/ill');
    await endPause();
    await fixture.sink.waitFor('/ill', before + 1);
    // All ask, while the one is under way.
    await fixture.db.query(
      `with s as (update step set next_attempt_at = now() where run_id = any($1) and waiting_for = 'breaker' returning run_id)
       update run set wake_at = now() from s where run.id = s.run_id and run.wake_at is not null`,
      [runs],
    );
    await waitFor('all but one to have asked', async () => {
      const { rows } = await fixture.db.query<{ n: number }>(
        `select count(*)::int as n from step where run_id = any($1) and waiting_for = 'breaker' and next_attempt_at > now()`,
        [runs],
      );
      return rows[0]!.n === 59;
    });
    expect(calls('/ill')).toBe(before + 1);
    expect(await breaker()).toMatchObject({ state: 'half_open' });
    answered.resolve(undefined);
    await waitFor('the breaker to open again', async () => (await breaker()).state === 'open');
    const { rows } = await fixture.db.query<{ made: number; attempts: number }>(
      `select (select count(*)::int from attempt where run_id = any($1)) as made, sum(attempts)::int as attempts
       from step where run_id = any($1) and node_id = 'post'`,
      [runs],
    );
    expect(rows[0]).toEqual({ made: 1, attempts: 1 });
    const { rows: again } = await fixture.db.query<{ opened: number; seconds: number }>(
      `select opened, extract(epoch from paused_until - now())::float8 as seconds from breaker where scope = $1`,
      [scope()],
    );
    expect(again[0]!.opened).toBe(2);
    expect(again[0]!.seconds).toBeGreaterThan(BREAKER_LAW.basePauseMs / 1_000);
    fixture.sink.reply('/ill', {});
    await endPause();
    const failed = (await Promise.all(runs.map((id) => whenRun(fixture, id)))).filter(
      ({ status }) => status === 'failed',
    );
    expect(failed).toHaveLength(1);
  }, 240_000);

  test('is well for all once a call that a person sent past the breaker came back so', async () => {
    await forget();
    await open('/asked');
    const runs = await heldRuns(await flowTo('/asked'), 5);
    fixture.sink.reply('/asked', {});
    await retryStepsNow(operatorOf(fixture), runs[3]!, {});
    for (const id of runs) expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(await breaker()).toMatchObject({ state: 'closed', failures: 0, paused_until: null });
  }, 240_000);

  test('is given to one of many that ask to try at the same moment', async () => {
    const place = { workspaceId: fixture.workspaceId, scope: 'host:nowhere:80' };
    await fixture.db.query(
      `insert into breaker (id, workspace_id, scope, state, paused_until) values (gen_random_uuid(), $1, $2, 'open', now())`,
      [place.workspaceId, place.scope],
    );
    const asked = await Promise.all(Array.from({ length: 20 }, () => takeProbe(fixture.db, place, 10_000)));
    expect(asked.filter((taken) => taken !== null)).toHaveLength(1);
  });

  test('is tried by another when the worker that tried is killed', async () => {
    await forget();
    await open();
    fixture.sink.reply('/ill', (_, before) => (before === tried ? { delayMs: 60_000 } : {}));
    const tried = calls('/ill');
    const [id] = await heldRuns(await flowTo('/ill', { attempts: 2 }), 1);
    const bystanders = await heldRuns(await flowTo('/ill'), 3);
    await endPause();
    await fixture.sink.waitFor('/ill', tried + 1);
    const { rows } = await fixture.db.query<{ id: string | null; run: string }>(
      `select lease_worker_id as id, id as run from run where lease_worker_id is not null`,
    );
    const holder = workers.find((worker) => worker.output().includes(rows[0]!.id!))!;
    holder.signal('SIGKILL');
    await holder.ended;
    expect(await breaker()).toMatchObject({ state: 'half_open' });
    workers = [...workers.filter((worker) => worker !== holder), await startWorker()];
    // The dead one's lease runs out; here it is over at once.
    await endPause();
    for (const run of [id!, ...bystanders])
      expect(await whenRun(fixture, run, { timeoutMs: 30_000 })).toMatchObject({ status: 'succeeded' });
    expect(await breaker()).toMatchObject({ state: 'closed' });
  }, 240_000);

  test('takes the intent of a call that must not be repeated off the record again', async () => {
    await forget();
    await open();
    const [id] = await heldRuns(await flowTo('/ill', { effect: 'once' }), 1);
    expect((await readSteps(fixture, id!))['post']).toMatchObject({ waiting_for: 'breaker', attempts: 0 });
    expect(await readAttempts(fixture, id!)).toEqual([]);
    fixture.sink.reply('/ill', {});
    await endPause();
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'succeeded' });
    expect(await readAttempts(fixture, id!)).toMatchObject([{ number: 1, error: null }]);
  }, 240_000);
});

describe('a far end that asks to wait', () => {
  test('is not called by anybody before its time is over, and that was no failure', async () => {
    await forget();
    fixture.sink.reply('/busy', (_, before) =>
      before === 0 ? { status: 429, headers: { 'retry-after': '4' } } : {},
    );
    const flow = await flowTo('/busy', { attempts: 2 });
    const [first] = await fixture.start(flow, [{}]);
    await whenRun(fixture, first!, { status: ['waiting'] });
    const { paused_until: until } = await waitFor('the pause', async () => (await breaker()) ?? false);
    expect(await breaker()).toMatchObject({ state: 'closed', reason: 'throttled', failures: 0 });
    await knownToAll('waiting');
    const others = await heldRuns(await flowTo('/other'), 4);
    const step = (await readSteps(fixture, others[0]!))['post'];
    expect(step).toMatchObject({ waiting_for: 'breaker', attempts: 0 });
    for (const id of [first!, ...others])
      expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    const after = [...fixture.sink.at('/busy').slice(1), ...fixture.sink.at('/other')];
    for (const call of after) expect(call.at).toBeGreaterThanOrEqual(until.getTime() - 20);
  }, 240_000);

  test('keeps a run alive that waits longer than runs may take, unless its flow names a time', async () => {
    await forget();
    await fixture.db.query(
      `insert into breaker (id, workspace_id, scope, paused_until, reason) values (gen_random_uuid(), $1, $2, now() + '1 day', 'throttled')`,
      [fixture.workspaceId, scope()],
    );
    await knownToAll('waiting');
    const [id] = await heldRuns(await flowTo('/well'), 1);
    await fixture.db.query(`update run set started_at = started_at - interval '5 hours' where id = $1`, [id]);
    await fixture.db.query(`update breaker set paused_until = now()`);
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'succeeded' });
    expect((await readRun(fixture, id!)).error).toBeNull();
  }, 240_000);
});
