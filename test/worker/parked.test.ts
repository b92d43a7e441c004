import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { cancelRun } from '#server/runs/cancel-run.ts';
import { retryStepsNow } from '#server/recovery/order-step.ts';
import { requestResume } from '#server/recovery/request-resume.ts';
import { releaseHeld, RELEASED_AT_A_TIME } from '#server/sql/release-held.ts';
import { CONNECTORS_OF_TESTS } from '#test/support/oauth/connectors-argument.ts';
import { startOAuthProvider, type Account, type OAuthProvider } from '#test/support/oauth/provider.ts';
import { reconnect as reconnectTo } from '#test/support/oauth/reconnect.ts';
import { storeConnection, type StoredConnection } from '#test/support/oauth/store-connection.ts';
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
  type TestFlow,
  type WorkerProcess,
} from './worker-fixture.ts';

const fixture = useWorkers();
let provider: OAuthProvider;
let workers: WorkerProcess[] = [];
let account: Account;
let slug = '';
let id = '';
let count = 0;

const startWorker = (env: Record<string, string> = {}) =>
  fixture.startWorker({ PATCHBAY_CONCURRENCY: '16', ...env }, CONNECTORS_OF_TESTS);

beforeAll(async () => {
  provider = await startOAuthProvider();
  workers = await Promise.all([startWorker(), startWorker()]);
});
afterAll(() => provider.stop());
beforeEach(async () => {
  account = await provider.connect();
  provider.intercept = () => undefined;
  provider.isPolite = false;
  count += 1;
  slug = `shop-${count}`;
});

async function store(connection: Partial<StoredConnection> = {}): Promise<void> {
  id = await storeConnection(fixture, provider, { slug, account, ...connection });
}

const numbers = (length: number) => Array.from({ length }, (_, n) => ({ n }));

/** A call of the app's API over the connection. */
const call = (node: string, rest: Parameters<typeof post>[2] = {}) =>
  post(node, `${provider.url}/api/${slug}/${node}`, { connection: slug, retry: { attempts: 1 }, ...rest });

const oneCall = (rest: Parameters<typeof post>[2] = {}): TestFlow => ({
  nodes: [START, call('post', rest)],
  edges: 'start>post',
});

async function start(flow: TestFlow, inputs: readonly { n: number }[] = numbers(1)): Promise<string[]> {
  return fixture.start(await fixture.publish(flow), inputs);
}

const whenWaiting = (runs: readonly string[]) =>
  Promise.all(runs.map((run) => whenRun(fixture, run, { status: ['waiting'], timeoutMs: 30_000 })));
const whenSucceeded = async (runs: readonly string[]) => {
  const ended = await Promise.all(runs.map((run) => whenRun(fixture, run, { timeoutMs: 30_000 })));
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['succeeded']));
};

const calls = (node = 'post') => provider.calls.filter(({ path }) => path === `/api/${slug}/${node}`);
const accepted = (node = 'post') => calls(node).filter(({ isAccepted }) => isAccepted);
const asks = () => provider.asks.filter(({ shown }) => shown === account.refreshToken);
const change = (columns: string) => fixture.db.query(`update connection set ${columns} where id = $1`, [id]);
const status = async () =>
  (await fixture.db.query<{ status: string }>('select status::text from connection where id = $1', [id]))
    .rows[0]?.status;

const reconnect = () => reconnectTo(fixture, provider, { id });

describe('runs whose token has ended', () => {
  test('go on with another one, which is asked for once over all workers', async () => {
    await store({ endsInSeconds: -1 });
    await whenSucceeded(await start(oneCall(), numbers(40)));
    expect(asks()).toMatchObject([{ refusal: null }]);
    expect(calls()).toHaveLength(40);
    expect(accepted()).toHaveLength(40);
  });

  test.each([false, true])(
    'without anybody knowing (refused politely: %s) make the refused call once more, in the same attempt',
    async (isPolite) => {
      await store({ endsInSeconds: 3_600 });
      await provider.expire(account.accessToken);
      provider.isPolite = isPolite;
      const runs = await start(oneCall({ effect: 'once' }), numbers(20));
      await whenSucceeded(runs);
      expect(asks()).toMatchObject([{ refusal: null }]);
      expect(accepted()).toHaveLength(20);
      expect(
        accepted()
          .map(({ body }) => (body as { n: number }).n)
          .sort((a, b) => a - b),
      ).toEqual(numbers(20).map(({ n }) => n));
      for (const run of runs)
        expect(await readAttempts(fixture, run)).toMatchObject([{ number: 1, error: null }]);
    },
    60_000,
  );
});

describe('a call that is refused with a new token, too', () => {
  test('fails its step, and the next ones cost no renewal', async () => {
    const { sink } = fixture;
    sink.reply('/forbidden', { status: 401, body: { error: 'not allowed' } });
    await store({ endsInSeconds: 3_600, api: sink.url });
    const flow: TestFlow = {
      nodes: [START, post('post', `${sink.url}/forbidden`, { connection: slug })],
      edges: 'start>post',
    };
    const [first] = await start(flow);
    expect((await whenRun(fixture, first!)).error).toMatchObject({ kind: 'auth', code: 'http_status' });
    expect(await readAttempts(fixture, first!)).toHaveLength(1);
    expect(sink.at('/forbidden')).toHaveLength(2);
    const keys = new Set(sink.at('/forbidden').map(({ headers }) => headers['idempotency-key']));
    const tokens = new Set(sink.at('/forbidden').map(({ headers }) => headers.authorization));
    expect([keys.size, tokens.size]).toEqual([1, 2]);
    const before = provider.asks.length;
    // Each worker may find out for itself.
    const more = await start(flow, numbers(10));
    for (const run of more) expect(await whenRun(fixture, run)).toMatchObject({ status: 'failed' });
    expect(provider.asks.length - before).toBeLessThanOrEqual(workers.length - 1);
    expect(await status()).toBe('ok');
  });

  test('shows neither token in what is kept of it', async () => {
    const { sink } = fixture;
    sink.reply('/echo', ({ headers }, before) => ({
      status: before === 0 ? 401 : 200,
      body: { sent: headers.authorization },
    }));
    await store({ endsInSeconds: 3_600, api: sink.url });
    const [run] = await start({
      nodes: [START, post('post', `${sink.url}/echo`, { connection: slug })],
      edges: 'start>post',
    });
    await whenSucceeded([run!]);
    const kept = JSON.stringify((await readSteps(fixture, run!))['post']);
    const tokens = sink
      .at('/echo')
      .map(({ headers }) => (headers.authorization ?? '').replace('Bearer ', ''));
    expect(tokens).toHaveLength(2);
    for (const token of tokens) expect(kept).not.toContain(token);
    expect(kept).toContain('[secret]');
  });
});

describe('runs whose connection must be reconnected', () => {
  const MUST = /^The connection shop-\d+ must be reconnected: Twin no longer accepts/;

  test('wait without an attempt, say why, and go on within seconds of it', async () => {
    await provider.revoke(account);
    await store({ endsInSeconds: -1 });
    const runs = await start(oneCall(), numbers(40));
    await whenWaiting(runs);
    for (const run of runs) {
      const step = (await readSteps(fixture, run))['post']!;
      expect(step).toMatchObject({
        status: 'waiting',
        waiting_for: 'connection',
        held_by: `connection:${slug}`,
        attempts: 0,
        error: { kind: 'auth', code: 'connection_reconnect', message: expect.stringMatching(MUST) as string },
      });
      expect(step.next_attempt_at!.getTime()).toBeGreaterThan(Date.now() + 600_000);
      expect(await readAttempts(fixture, run)).toEqual([]);
    }
    expect([calls(), asks()]).toMatchObject([[], [{ refusal: 'invalid_grant' }]]);
    await reconnect();
    const since = performance.now();
    await whenSucceeded(runs);
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(accepted()).toHaveLength(40);
    for (const run of runs)
      expect(await readAttempts(fixture, run)).toMatchObject([{ number: 1, error: null }]);
  });

  test('are found out by a refused call: one that must not be repeated waits, too, for nothing came of it', async () => {
    await store({ endsInSeconds: 3_600 });
    await provider.revoke(account);
    const [run] = await start(oneCall({ effect: 'once' }));
    await whenWaiting([run!]);
    expect((await readSteps(fixture, run!))['post']).toMatchObject({
      waiting_for: 'connection',
      attempts: 0,
    });
    expect(await readAttempts(fixture, run!)).toEqual([]);
    expect(calls()).toMatchObject([{ isAccepted: false }]);
    await reconnect();
    await whenSucceeded([run!]);
    expect(accepted()).toHaveLength(1);
    expect(await readAttempts(fixture, run!)).toMatchObject([{ number: 1, error: null }]);
  });

  test('keep what was done before: only the waiting step is made', async () => {
    await store({ endsInSeconds: 3_600 });
    const [run] = await start({
      nodes: [START, call('first'), call('second')],
      edges: 'start>first first>second',
    });
    await whenSucceeded([run!]);
    await provider.revoke(account);
    const other = post('first', `${fixture.sink.url}/before-${slug}`);
    const [parked] = await start({
      nodes: [START, other, call('second')],
      edges: 'start>first first>second',
    });
    await whenWaiting([parked!]);
    await reconnect();
    await whenSucceeded([parked!]);
    expect(fixture.sink.at(`/before-${slug}`)).toHaveLength(1);
    expect(accepted('second')).toHaveLength(2);
  });

  test('go on in the middle of a loop: every item is called once', async () => {
    await store({ endsInSeconds: 3_600 });
    const items = numbers(30);
    const loop = {
      id: 'each',
      type: 'core.each',
      config: { items: { $expr: 'trigger.body' }, concurrency: 5 },
    };
    const body = call('post', { body: { $expr: 'item' } });
    const flow = await fixture.publish({
      nodes: [START, loop, { ...body, parent: 'each' }],
      edges: 'start>each',
    });
    const [run] = await fixture.start(flow, [items]);
    await waitFor('ten items', () => accepted().length >= 10);
    await provider.revoke(account);
    await whenWaiting([run!]);
    expect(accepted().length).toBeLessThan(30);
    await reconnect();
    await whenSucceeded([run!]);
    const seen = accepted().map(({ body: item }) => (item as { n: number }).n);
    expect(seen.sort((a, b) => a - b)).toEqual(items.map(({ n }) => n));
  });

  test('go on while another branch of the same run is under way', async () => {
    await provider.revoke(account);
    await store({ endsInSeconds: -1 });
    const slow = Promise.withResolvers<undefined>();
    fixture.sink.reply(`/slow-${slug}`, { until: slow.promise });
    const branch = post('slow', `${fixture.sink.url}/slow-${slug}`, { timeoutSeconds: 60 });
    const [run] = await start({ nodes: [START, branch, call('post')], edges: 'start>slow start>post' });
    await fixture.sink.waitFor(`/slow-${slug}`, 1);
    await waitFor('the connection to be marked', async () => (await status()) === 'reconnect');
    await reconnect();
    await waitFor('the call', () => accepted().length === 1);
    expect(await readRun(fixture, run!)).toMatchObject({ status: 'running' });
    slow.resolve(undefined);
    await whenSucceeded([run!]);
  });

  test('can be cancelled, and hurried to no harm', async () => {
    await provider.revoke(account);
    await store({ endsInSeconds: -1 });
    const [hurried, cancelled] = await start(oneCall(), numbers(2));
    await whenWaiting([hurried!, cancelled!]);
    const { next_attempt_at: before } = (await readSteps(fixture, hurried!))['post']!;
    await retryStepsNow(operatorOf(fixture), hurried!, {});
    await waitFor('another look', async () => {
      const step = (await readSteps(fixture, hurried!))['post']!;
      return step.status === 'waiting' && step.next_attempt_at!.getTime() !== before!.getTime();
    });
    expect((await readSteps(fixture, hurried!))['post']).toMatchObject({
      waiting_for: 'connection',
      attempts: 0,
      error: { code: 'connection_reconnect' },
    });
    await cancelRun(operatorOf(fixture), cancelled!);
    expect(await whenRun(fixture, cancelled!)).toMatchObject({ status: 'cancelled' });
    await reconnect();
    await whenSucceeded([hurried!]);
    expect(accepted()).toHaveLength(1);
    expect(asks()).toHaveLength(1);
  });

  test('that were resumed keep the attempts that they had made', async () => {
    const { sink } = fixture;
    sink.reply(`/picky-${slug}`, (_, before) => ({ status: before === 0 ? 400 : 200 }));
    await store({ endsInSeconds: 3_600, api: sink.url });
    const node = post('post', `${sink.url}/picky-${slug}`, { connection: slug });
    const [run] = await start({ nodes: [START, node], edges: 'start>post' });
    expect(await whenRun(fixture, run!)).toMatchObject({ status: 'failed' });
    await provider.revoke(account);
    await change('expires_at = now()');
    const endedAt = performance.now();
    await waitFor('the end', async () => (await status()) === 'reconnect');
    // Workers use what they have opened for two seconds.
    await waitFor('all workers to know', () => performance.now() > endedAt + 2_100);
    await requestResume(operatorOf(fixture), run!, {});
    await whenWaiting([run!]);
    const step = (await readSteps(fixture, run!))['post'];
    expect(step).toMatchObject({ waiting_for: 'connection', attempts: 1 });
    await reconnectTo(fixture, provider, { id, api: sink.url });
    await whenSucceeded([run!]);
    expect(await readAttempts(fixture, run!)).toMatchObject([
      { number: 1, error: { code: 'http_status' } },
      { number: 2, error: null },
    ]);
  });

  test('wait longer than runs may take, unless their flow names a time', async () => {
    await provider.revoke(account);
    await store({ endsInSeconds: -1 });
    const [run] = await start(oneCall());
    await whenWaiting([run!]);
    await fixture.db.query(`update run set started_at = started_at - interval '5 days' where id = $1`, [run]);
    await reconnect();
    await whenSucceeded([run!]);
  });

  test('fail when it is deleted instead', async () => {
    await provider.revoke(account);
    await store({ endsInSeconds: -1 });
    const [run] = await start(oneCall());
    await whenWaiting([run!]);
    await fixture.db.query('delete from connection where id = $1', [id]);
    await retryStepsNow(operatorOf(fixture), run!, {});
    expect((await whenRun(fixture, run!)).error).toMatchObject({ code: 'connection_missing' });
  });
});

test('a step whose connection nobody has connected yet waits, and says so', async () => {
  await store({ account: undefined, status: 'pending' });
  const [run] = await start(oneCall());
  await whenWaiting([run!]);
  expect((await readSteps(fixture, run!))['post']).toMatchObject({
    waiting_for: 'connection',
    attempts: 0,
    error: { code: 'connection_pending', message: expect.stringContaining('is not connected yet') as string },
  });
  await reconnect();
  await whenSucceeded([run!]);
});

test('a step finds no connection that another member keeps to themselves, and waits for none', async () => {
  const ownerId = crypto.randomUUID();
  await fixture.db.query(`insert into "user" (id, email, name, password_hash) values ($1, $2, '', '')`, [
    ownerId,
    `${slug}@example.com`,
  ]);
  await provider.revoke(account);
  await store({ endsInSeconds: -1, ownerId, isShared: false });
  const [run] = await start(oneCall());
  const { error } = await whenRun(fixture, run!);
  expect(error).toMatchObject({ code: 'connection_missing' });
});

test('a provider that is away costs no attempt: steps wait and go on when it is back', async () => {
  await store({ endsInSeconds: -1 });
  provider.intercept = () => ({ status: 503 });
  const runs = await start(oneCall({ effect: 'once' }), numbers(5));
  await whenWaiting(runs);
  expect((await readSteps(fixture, runs[0]!))['post']).toMatchObject({
    waiting_for: 'connection',
    attempts: 0,
    error: { code: 'connection_unrenewed', message: expect.stringContaining('http_503') as string },
  });
  provider.intercept = () => undefined;
  await change('refresh_due_at = now()');
  await whenSucceeded(runs);
  expect(accepted()).toHaveLength(5);
});

test('a step that waits for a slow renewal looks again soon, for it may come to something else', async () => {
  await store({ endsInSeconds: -1 });
  const answered = Promise.withResolvers<undefined>();
  provider.intercept = async () => {
    await answered.promise;
    return { status: 400, body: { error: 'invalid_grant' } };
  };
  const [run] = await start(oneCall());
  await whenWaiting([run!]);
  const { rows } = await fixture.db.query<{ message: string; seconds: number }>(
    `select error ->> 'message' as message, extract(epoch from next_attempt_at - now())::float as seconds
     from step where run_id = $1 and node_id = 'post'`,
    [run],
  );
  expect(rows[0]?.message).toContain('takes longer than usual');
  expect(rows[0]?.seconds).toBeLessThan(31);
  answered.resolve(undefined);
  const code = async () =>
    ((await readSteps(fixture, run!))['post']?.error as { code?: string } | null)?.code;
  await waitFor('the step to say so', async () => (await code()) === 'connection_reconnect', 90_000);
});

test('a token is renewed ahead of its end without any run', async () => {
  await store({ endsInSeconds: 3_600, dueInSeconds: 0 });
  await waitFor('the renewal', () => asks().length === 1);
  await waitFor('its note', async () => {
    const { rows } = await fixture.db.query('select 1 from connection where id = $1 and token_version = 2', [
      id,
    ]);
    return rows.length === 1;
  });
});

describe('letting go', () => {
  test('takes so many of a connection at a look, oldest first, and none of another workspace', async () => {
    await provider.revoke(account);
    await store({ endsInSeconds: -1 });
    const runs = await start(oneCall(), numbers(RELEASED_AT_A_TIME + 30));
    await whenWaiting(runs);
    for (const worker of workers) worker.signal('SIGSTOP');
    try {
      const other = { ...fixture, workspaceId: crypto.randomUUID() };
      await fixture.db.query('insert into workspace (id, slug, name) values ($1, $2, $2)', [
        other.workspaceId,
        `other-${slug}`,
      ]);
      await storeConnection(other, provider, { slug, account: await provider.connect() });
      expect(await releaseHeld(fixture.db)).toEqual([]);
      await reconnect();
      const first = await releaseHeld(fixture.db);
      expect(first.sort()).toEqual(runs.slice(0, RELEASED_AT_A_TIME));
      expect((await releaseHeld(fixture.db)).sort()).toEqual(runs.slice(RELEASED_AT_A_TIME));
      expect(await releaseHeld(fixture.db)).toEqual([]);
    } finally {
      for (const worker of workers) worker.signal('SIGCONT');
    }
    await whenSucceeded(runs);
  });
});
