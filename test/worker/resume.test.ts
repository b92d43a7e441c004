import { beforeAll, describe, expect, test } from 'vitest';

import { inClientTransaction } from '#server/db/client-transaction.ts';
import { replayRunIn } from '#server/recovery/replay-run.ts';
import { resumeRunIn } from '#server/recovery/resume-run.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';
import { ledgerOf } from './ledger.ts';
import { post, readKeyedSteps, readRun, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();
beforeAll(async () => {
  await fixture.startWorker();
});

const resume = (runId: string, rest: object = {}) =>
  inClientTransaction((client) => resumeRunIn(client, { workspaceId: fixture.workspaceId, runId, ...rest }));
const replay = (runId: string, request: object = {}) =>
  inClientTransaction((client) =>
    replayRunIn(client, {
      workspaceId: fixture.workspaceId,
      runId,
      request: { version: 'original', ...request },
    }),
  );

describe('resuming', () => {
  test('goes on from the failed step, with the same key; what was done is not done again', async () => {
    const { sink } = fixture;
    sink.reply('/second', (_, before) => (before === 0 ? { status: 400 } : {}));
    const flow = await fixture.publish({
      nodes: [
        START,
        post('first', `${sink.url}/first`),
        post('second', `${sink.url}/second`),
        post('third', `${sink.url}/third`),
      ],
      edges: 'start>first first>second second>third',
    });
    const [id] = await fixture.start(flow, [{ n: 1 }]);
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'failed' });
    await resume(id!);
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'succeeded', error: null });
    expect(sink.at('/first')).toHaveLength(1);
    expect(sink.at('/third')).toHaveLength(1);
    expect(ledgerOf(sink).get(idempotencyKey(id!, 'second', ''))).toHaveLength(2);
    expect((await readKeyedSteps(fixture, id!))['second']).toMatchObject({ attempts: 2 });
    await expect(resume(id!)).rejects.toThrow('succeeded');
  });
});

describe('replaying', () => {
  test('from the trigger makes a run with keys of its own', async () => {
    const { sink } = fixture;
    const flow = await fixture.publish({
      nodes: [START, post('call', `${sink.url}/again`)],
      edges: 'start>call',
    });
    const [id] = await fixture.start(flow, [{ n: 1 }]);
    await whenRun(fixture, id!);
    const { runId } = await replay(id!);
    expect(await whenRun(fixture, runId)).toMatchObject({ status: 'succeeded' });
    const [first, second] = sink.at('/again');
    expect(second!.json()).toEqual(first!.json());
    expect(second!.headers['idempotency-key']).toBe(idempotencyKey(runId, 'call', ''));
    expect(await readRun(fixture, runId)).toMatchObject({ replay_of: id });
  });

  test('from the middle takes over what came before', async () => {
    const { sink } = fixture;
    const flow = await fixture.publish({
      nodes: [
        START,
        post('one', `${sink.url}/one`),
        post('two', `${sink.url}/two`, { body: { $expr: 'steps.one.body' } }),
      ],
      edges: 'start>one one>two',
    });
    const [id] = await fixture.start(flow, [{ n: 1 }]);
    await whenRun(fixture, id!);
    const { runId } = await replay(id!, { from: 'two' });
    expect(await whenRun(fixture, runId)).toMatchObject({ status: 'succeeded' });
    expect(sink.at('/one')).toHaveLength(1);
    expect(sink.at('/two').map((each) => each.json())).toEqual([{ ok: true }, { ok: true }]);
    expect((await readKeyedSteps(fixture, runId))['one']).toMatchObject({ is_reused: true });
  });
});
