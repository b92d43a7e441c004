import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { JournalWriter, type RunWrite } from '#server/journal/journal-writer.ts';
import { openConnection } from '#server/connections/open-connection.ts';
import { NO_RUN_SERVICES } from '#test/support/no-run-services.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { egressClient, type EgressClient } from '#server/egress/egress-client.ts';

import { loadSteps } from '#server/sql/load-runs.ts';
import { requestCancel } from '#server/sql/request-cancel.ts';
import { Activation } from '#worker/activation.ts';
import { DatabaseClock } from '#server/db/database-clock.ts';
import { NO_OBSERVER } from '#worker/observe/observer.ts';
import { FlowCache } from '#worker/flow-cache.ts';
import { claimSome } from './claim-some.ts';
import {
  post,
  readRun,
  readSteps,
  START,
  useWorkers,
  type PublishedFlow,
  type TestFlow,
} from './worker-fixture.ts';

const fixture = useWorkers();
let http: EgressClient;
let workerId: string;
let writer: JournalWriter;
beforeAll(() => {
  http = egressClient({ allow: '127.0.0.1', ownPorts: [] });
  workerId = uuidv7();
  writer = new JournalWriter({ pool: fixture.db, workerId });
});
afterAll(async () => {
  writer.close();
  await http.close();
});

type Commit = (write: RunWrite) => Promise<'kept' | 'lost'>;

/**
 * Claims the one run that is due and makes its activation, with all parts real; `around` may do something before and
 * after each commit, or let the worker "die" there by never coming back.
 */
async function activate(
  around: (commit: Commit, activation: Activation, write: RunWrite) => ReturnType<Commit>,
  onReply: (url: string) => void = () => undefined,
) {
  const [run] = await claimSome(fixture.db, { workerId, limit: 10 });
  const graphs = await new FlowCache(fixture.db).find([run!.flowVersionId]);
  const steps = await loadSteps(fixture.db, [run!.id]);
  const activation: Activation = new Activation(
    {
      run: run!,
      userId: null,
      graph: graphs.get(run!.flowVersionId)!,
      stored: steps.get(run!.id) ?? [],
      signals: [],
      orders: [],
    },
    {
      callsOf: () => ({
        http: (request) => http(request).finally(() => onReply(request.url)),
        dial: () => Promise.reject(new Error('nothing is dialled here')),
        hold: null,
        close: () => undefined,
      }),
      openConnection,
      runServices: () => NO_RUN_SERVICES,
      clock: new DatabaseClock(),
      journal: { commit: (write) => around((each) => writer.commit(each), activation, write) },
      publish: () => undefined,
      wakeAt: () => undefined,
      loadSteps: async (id) => (await loadSteps(fixture.db, [id])).get(id) ?? [],
      runEnded: () => undefined,
      roomMade: () => undefined,
      observer: NO_OBSERVER,
    },
  );
  return activation;
}

const plainly = (commit: Commit, _: Activation, write: RunWrite) => commit(write);
const never = () => new Promise<never>(() => undefined);

/** As the reconciler does with a dead worker's runs, without the wait. */
async function takeOver(runId: string): Promise<void> {
  await fixture.db.query('update run set lease_worker_id = null, wake_at = now() where id = $1', [runId]);
}

async function startOne(flow: PublishedFlow): Promise<string> {
  const [id] = await fixture.startQuietly(flow, [{}]);
  return id!;
}

describe('a worker that dies at the commit of any result', () => {
  const nodes = ['keyed', 'other', 'last'];
  const paths = nodes.map((node) => `/${node}`);
  const flow = (): TestFlow => ({
    nodes: [
      START,
      { id: 'map', type: 'core.map', config: { output: 1 } },
      post('keyed', `${fixture.sink.url}/keyed`),
      post('other', `${fixture.sink.url}/other`),
      post('last', `${fixture.sink.url}/last`),
    ],
    edges: 'start>map map>keyed keyed>other other>last',
  });
  const cases = nodes.flatMap((node, index) =>
    (['before', 'after'] as const).map((moment) => ({ node, index, moment })),
  );

  test.each(cases)('$moment that of $node', async ({ node, index, moment }) => {
    const id = await startOne(await fixture.publish(flow()));
    const before = paths.map((path) => fixture.sink.at(path).length);
    let died: () => void = () => undefined;
    const dead = new Promise<void>((done) => (died = done));
    const doomed = await activate(async (commit, _, write) => {
      if (!write.steps.some((step) => step.includes(`"n":"${node}","k":"","s":"succeeded"`)))
        return commit(write);
      if (moment === 'after') await commit(write);
      died();
      return never();
    });
    void doomed.advance();
    await dead;
    await takeOver(id);
    // The last result mostly comes with the run's end; a slow machine writes it down before.
    const isOver = (await readRun(fixture, id))?.status === 'succeeded';
    if (!isOver) await (await activate(plainly)).advance();
    else await fixture.db.query('update run set wake_at = null where id = $1', [id]);

    expect(await readRun(fixture, id)).toMatchObject({ status: 'succeeded', lease_worker_id: null });
    const calls = paths.map((path, place) => fixture.sink.at(path).length - before[place]!);
    // Only the call whose result was not committed is made again.
    expect(calls).toEqual(paths.map((_, place) => (place === index && moment === 'before' ? 2 : 1)));
    for (const path of paths) {
      const keys = fixture.sink
        .at(path)
        .slice(before[paths.indexOf(path)])
        .map(({ headers }) => headers['idempotency-key']);
      expect(new Set(keys).size).toBe(1);
    }
  });
});

describe('a flow that fails while a call waits for the commit before it', () => {
  test.each(['keyed', 'once'] as const)('does not make the call (%s)', async (effect) => {
    let refuse: () => void = () => undefined;
    fixture.sink.reply('/veto', { status: 400, until: new Promise<void>((done) => (refuse = done)) });
    const flow: TestFlow = {
      nodes: [
        START,
        post('veto', `${fixture.sink.url}/veto`),
        post('first', `${fixture.sink.url}/first`),
        post('second', `${fixture.sink.url}/second-${effect}`, { effect }),
      ],
      edges: 'start>veto start>first first>second',
    };
    const id = await startOne(await fixture.publish(flow));
    const refused = Promise.withResolvers<void>();
    const activation = await activate(
      async (commit, _, write) => {
        const outcome = await commit(write);
        if (!write.steps.some((step) => step.includes('"n":"first","k":"","s":"succeeded"'))) return outcome;
        refuse();
        await refused.promise;
        // From the reply on, the step is settled without waiting for anything else.
        await new Promise((done) => setImmediate(() => setImmediate(done)));
        return outcome;
      },
      (url) => url.endsWith('/veto') && refused.resolve(),
    );
    await activation.advance();
    expect(await readRun(fixture, id)).toMatchObject({ status: 'failed', error: { nodeId: 'veto' } });
    expect(fixture.sink.at(`/second-${effect}`)).toHaveLength(0);
    expect((await readSteps(fixture, id))['second']?.status).toBe(
      effect === 'once' ? 'cancelled' : undefined,
    );
  });
});

describe('between the intent of a call that must not be repeated and the call', () => {
  const flow = (): TestFlow => ({
    nodes: [START, post('pay', `${fixture.sink.url}/pay`, { effect: 'once' })],
    edges: 'start>pay',
  });

  /** Does something right after the intent is committed, then lets the activation come to its end. */
  async function afterIntent(
    act: (activation: Activation, runId: string) => Promise<void> | void,
  ): Promise<string> {
    const id = await startOne(await fixture.publish(flow()));
    let isFirst = true;
    const activation = await activate(async (commit, self, write) => {
      const outcome = await commit(write);
      if (!isFirst) return outcome;
      isFirst = false;
      expect((await readSteps(fixture, id))['pay']).toMatchObject({ status: 'running' });
      await act(self, id);
      return outcome;
    });
    const before = fixture.sink.at('/pay').length;
    await activation.advance();
    expect(fixture.sink.at('/pay')).toHaveLength(before);
    return id;
  }

  test('drained: the call has not happened, and the next worker makes it, once', async () => {
    const id = await afterIntent((activation) => activation.drain());
    expect(await readRun(fixture, id)).toMatchObject({ status: 'queued', lease_worker_id: null });
    expect((await readSteps(fixture, id))['pay']).toMatchObject({ status: 'waiting', attempts: 0 });
    const before = fixture.sink.at('/pay').length;
    await (await activate(plainly)).advance();
    expect(await readRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(fixture.sink.at('/pay')).toHaveLength(before + 1);
    expect((await readSteps(fixture, id))['pay']).toMatchObject({ status: 'succeeded', attempts: 1 });
    const { rows } = await fixture.db.query('select number, error from attempt where run_id = $1', [id]);
    expect(rows).toEqual([{ number: 1, error: null }]);
  });

  test('cancelled: it is not made', async () => {
    const id = await afterIntent(async (activation, runId) => {
      const client = await fixture.db.connect();
      await requestCancel(client, { runId, workspaceId: fixture.workspaceId });
      client.release();
      activation.cancel();
    });
    expect(await readRun(fixture, id)).toMatchObject({ status: 'cancelled' });
    expect((await readSteps(fixture, id))['pay']).toMatchObject({ status: 'cancelled' });
  });

  test('the worker dies: nobody can know, so it is in doubt', async () => {
    const id = await startOne(await fixture.publish(flow()));
    const before = fixture.sink.at('/pay').length;
    let died: () => void = () => undefined;
    const dead = new Promise<void>((done) => (died = done));
    const doomed = await activate(async (commit, _, write) => {
      await commit(write);
      died();
      return never();
    });
    void doomed.advance();
    await dead;
    await takeOver(id);
    await (await activate(plainly)).advance();
    expect(await readRun(fixture, id)).toMatchObject({ status: 'in_doubt' });
    expect(fixture.sink.at('/pay')).toHaveLength(before);
  });
});

describe('a flow that stops itself inside a loop while calls beside it are in flight', () => {
  test('ends so also where the worker dies right before the end is committed', async () => {
    const { sink } = fixture;
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    sink.reply('/beside-1', { until: first.promise });
    sink.reply('/beside-2', { until: second.promise });
    const flow = await fixture.publish({
      nodes: [
        START,
        post('first', `${sink.url}/beside-1`),
        post('second', `${sink.url}/beside-2`),
        { id: 'each', type: 'core.each', config: { items: [0] } },
        { ...post('inside', `${sink.url}/inside`), parent: 'each' },
        { id: 'stop', type: 'core.stop', parent: 'each', config: { status: 'failed', message: 'No stock.' } },
      ],
      edges: 'start>first start>second start>each inside>stop',
    });
    const id = await startOne(flow);
    const [firstIn, secondIn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const died = Promise.withResolvers<void>();
    const settled = () => new Promise((done) => setImmediate(() => setImmediate(done)));
    const doomed = await activate(
      async (commit, _, write) => {
        if (write.run?.includes('"s":"failed"')) {
          died.resolve();
          return never();
        }
        const outcome = await commit(write);
        if (!write.steps.some((step) => step.includes('"n":"inside","k":"0","s":"succeeded"')))
          return outcome;
        // While this write is under way, the result of the first call asks for another, and the second call's ends the run.
        first.resolve();
        await firstIn.promise.then(settled);
        second.resolve();
        await secondIn.promise.then(settled);
        return outcome;
      },
      (url) => {
        if (url.endsWith('/beside-1')) firstIn.resolve();
        if (url.endsWith('/beside-2')) secondIn.resolve();
      },
    );
    void doomed.advance();
    await died.promise;
    await takeOver(id);
    await (await activate(plainly)).advance();
    expect(await readRun(fixture, id)).toMatchObject({ status: 'failed', error: { code: 'stopped' } });
    expect(await readSteps(fixture, id)).toMatchObject({
      each: { status: 'cancelled' },
      stop: { status: 'succeeded' },
    });
    expect(sink.at('/inside')).toHaveLength(1);
  });
});

describe('a run whose workers died', () => {
  test('is not cleared of their deaths by steps that are done anew, but by a call', async () => {
    const { sink, db } = fixture;
    const answer = Promise.withResolvers<void>();
    sink.reply('/answered-late', { until: answer.promise });
    const flow = await fixture.publish({
      nodes: [
        START,
        { id: 'map', type: 'core.map', config: { output: 1 } },
        post('late', `${sink.url}/answered-late`),
      ],
      edges: 'start>map map>late',
    });
    const id = await startOne(flow);
    await db.query('update run set deaths = 2 where id = $1', [id]);
    const deathsAfter: number[] = [];
    const activation = await activate(async (commit, _, write) => {
      const outcome = await commit(write);
      deathsAfter.push((await readRun(fixture, id)).deaths);
      // The first shows that the call is under way, with the pure steps before it.
      answer.resolve();
      return outcome;
    });
    await activation.advance();
    expect(await readRun(fixture, id)).toMatchObject({ status: 'succeeded', deaths: 0 });
    expect(deathsAfter).toEqual([2, 0]);
  });
});

describe('a run that another worker has taken over', () => {
  test('no call follows once a commit was refused', async () => {
    const flow = await fixture.publish({
      nodes: [START, post('one', `${fixture.sink.url}/mine`), post('two', `${fixture.sink.url}/not-mine`)],
      edges: 'start>one one>two',
    });
    const id = await startOne(flow);
    const activation = await activate(async (commit, _, write) => {
      await fixture.db.query('update run set epoch = epoch + 1, lease_worker_id = $2 where id = $1', [
        id,
        uuidv7(),
      ]);
      return commit(write);
    });
    await activation.advance();
    expect(fixture.sink.at('/mine')).toHaveLength(1);
    expect(fixture.sink.at('/not-mine')).toEqual([]);
    expect(await readSteps(fixture, id)).toEqual({});
    expect(await readRun(fixture, id)).toMatchObject({ status: 'running' });
  });
});
