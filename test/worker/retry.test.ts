import { beforeAll, describe, expect, test } from 'vitest';

import { post, readAttempts, readRun, readSteps, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();
beforeAll(async () => {
  // One run at a time: a run that waits must not hold the place.
  await fixture.startWorker({ PATCHBAY_CONCURRENCY: '1' });
});

const publish = (path: string, retry: { attempts: number; baseSeconds: number; maxSeconds?: number }) =>
  fixture.publish({ nodes: [START, post('post', fixture.sink.url + path, { retry })], edges: 'start>post' });

describe('the retry law against a real far end', () => {
  test('500, 503, 429 with Retry-After, then 200: four attempts, the last not before its time', async () => {
    const { sink } = fixture;
    const replies = [
      { status: 500 },
      { status: 503 },
      { status: 429, headers: { 'retry-after': '2' } },
      { status: 200 },
    ];
    sink.reply('/flaky', (_, before) => replies[before] ?? {});
    const [id] = await fixture.start(await publish('/flaky', { attempts: 5, baseSeconds: 0.2 }), [{}]);
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'succeeded' });
    const calls = sink.at('/flaky');
    const pauses = calls.slice(1).map((call, index) => call.at - calls[index]!.at);
    expect(pauses).toHaveLength(3);
    expect(pauses[2]).toBeGreaterThanOrEqual(1_990);
    expect(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    const attempts = await readAttempts(fixture, id!);
    expect(attempts.map(({ number, error }) => [number, error?.code])).toEqual([
      [1, 'http_status'],
      [2, 'http_status'],
      [3, 'http_status'],
      [4, undefined],
    ]);
    expect((await readSteps(fixture, id!))['post']).toMatchObject({ attempts: 4, next_attempt_at: null });
  });

  test('a run that waits says until when, and leaves its place to others', async () => {
    const { sink } = fixture;
    sink.reply('/busy', (_, before) =>
      before === 0 ? { status: 429, headers: { 'retry-after': '3' } } : {},
    );
    const [waiting] = await fixture.start(await publish('/busy', { attempts: 3, baseSeconds: 0.1 }), [{}]);
    const parked = await whenRun(fixture, waiting!, { status: ['waiting'] });
    expect(parked.lease_worker_id).toBeNull();
    const step = (await readSteps(fixture, waiting!))['post'];
    expect(step).toMatchObject({ status: 'waiting', error: { kind: 'throttled' } });
    expect(step?.next_attempt_at).toEqual(parked.wake_at);
    // One that calls the same far end would be held back, too.
    const [other] = await fixture.start(await fixture.publish({ nodes: [START], edges: '' }), [{}]);
    await whenRun(fixture, other!);
    expect((await readRun(fixture, waiting!)).status).toBe('waiting');
    await whenRun(fixture, waiting!);
    const late = sink.at('/busy')[1]!.at - parked.wake_at!.getTime();
    expect(late).toBeGreaterThanOrEqual(-5);
  });

  test('the clock and the dice of expressions give the same body on each attempt', async () => {
    const { sink } = fixture;
    sink.reply('/dice', (_, before) => (before < 2 ? { status: 500 } : {}));
    const body = { at: { $expr: '$now()' }, die: { $expr: '$random()' }, mine: { $expr: 'run.attempt' } };
    const node = post('post', `${sink.url}/dice`, { retry: { attempts: 3, baseSeconds: 0.05 } });
    const flow = await fixture.publish({
      nodes: [START, { ...node, config: { ...node.config, body } }],
      edges: 'start>post',
    });
    const [id] = await fixture.start(flow, [{}]);
    await whenRun(fixture, id!);
    const sent = sink.at('/dice').map((call) => call.json() as { at: string; die: number; mine: number });
    expect(sent.map(({ mine }) => mine)).toEqual([1, 2, 3]);
    expect(new Set(sent.map(({ die, at }) => `${die} ${at}`)).size).toBe(1);
    const [other] = await fixture.start(flow, [{}]);
    await whenRun(fixture, other!);
    expect((sink.at('/dice')[3]!.json() as { die: number }).die).not.toBe(sent[0]!.die);
  });

  test('when attempts run out the run fails with the last error; they are exactly as many as asked', async () => {
    const { sink } = fixture;
    sink.reply('/down', { status: 503 });
    const [id] = await fixture.start(await publish('/down', { attempts: 3, baseSeconds: 0.05 }), [{}]);
    expect(await whenRun(fixture, id!)).toMatchObject({
      status: 'failed',
      error: { code: 'http_status', nodeId: 'post' },
    });
    expect(sink.at('/down')).toHaveLength(3);
    expect(await readAttempts(fixture, id!)).toHaveLength(3);
  });

  test('a broken connection is tried again under the same key', async () => {
    const { sink } = fixture;
    sink.reply('/broken', (_, before) => (before === 0 ? { hangUp: true } : {}));
    const [id] = await fixture.start(await publish('/broken', { attempts: 3, baseSeconds: 0.05 }), [{}]);
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'succeeded' });
    const keys = sink.at('/broken').map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  test('a call that must not be repeated and was not answered is in doubt', async () => {
    fixture.sink.reply('/pay', { hangUp: true });
    const flow = await fixture.publish({
      nodes: [START, post('pay', `${fixture.sink.url}/pay`, { effect: 'once' })],
      edges: 'start>pay',
    });
    const [id] = await fixture.start(flow, [{}]);
    await whenRun(fixture, id!, { status: ['in_doubt'] });
    expect((await readSteps(fixture, id!))['pay']).toMatchObject({
      status: 'in_doubt',
      error: { kind: 'uncertain', code: 'connection_reset' },
    });
    expect(fixture.sink.at('/pay')).toHaveLength(1);
  });
});
