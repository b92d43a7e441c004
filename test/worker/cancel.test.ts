import { beforeAll, describe, expect, test } from 'vitest';

import { requestCancel } from '#server/sql/request-cancel.ts';
import { startSink } from '#test/support/sink.ts';
import { post, readSteps, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();
beforeAll(async () => {
  await fixture.startWorker();
});

async function cancel(runId: string): Promise<void> {
  const client = await fixture.db.connect();
  await requestCancel(client, { runId, workspaceId: fixture.workspaceId });
  client.release();
}

describe('cancelling', () => {
  test('a run in the middle of a call: the call is broken off, nothing follows', async () => {
    const { sink } = fixture;
    sink.reply('/long', { delayMs: 60_000 });
    const flow = await fixture.publish({
      nodes: [START, post('long', `${sink.url}/long`), post('after', `${sink.url}/after`)],
      edges: 'start>long long>after',
    });
    const [id] = await fixture.start(flow, [{}]);
    await sink.waitFor('/long', 1);
    const asked = performance.now();
    await cancel(id!);
    const ended = await whenRun(fixture, id!);
    expect(performance.now() - asked).toBeLessThan(30_000);
    expect(ended).toMatchObject({ status: 'cancelled', error: null, wake_at: null, lease_worker_id: null });
    expect((await readSteps(fixture, id!))['long']).toMatchObject({
      status: 'cancelled',
      error: { kind: 'cancelled', code: 'cancelled' },
    });
    expect(sink.at('/after')).toEqual([]);
    const letters = await fixture.db.query('select 1 from dead_letter where run_id = $1', [id]);
    expect(letters.rows).toEqual([]);
  });

  test('a run that waits for its next attempt', async () => {
    // One that asks for a pause gets it from every step: it is nobody else's far end.
    const sink = await startSink();
    sink.reply('/tomorrow', { status: 429, headers: { 'retry-after': '3600' } });
    const flow = await fixture.publish({
      nodes: [START, post('post', `${sink.url}/tomorrow`)],
      edges: 'start>post',
    });
    const [id] = await fixture.start(flow, [{}]);
    await whenRun(fixture, id!, { status: ['waiting'] });
    await cancel(id!);
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'cancelled' });
    expect((await readSteps(fixture, id!))['post']).toMatchObject({
      status: 'cancelled',
      next_attempt_at: null,
    });
    await sink.stop();
  });

  test('asked for at the moment the run begins to wait, it is not forgotten', async () => {
    const { db } = fixture;
    const sink = await startSink();
    let arrived: () => void = () => undefined;
    const asked = new Promise<void>((done) => (arrived = done));
    sink.reply('/moment', { status: 429, headers: { 'retry-after': '3600' }, until: asked });
    const flow = await fixture.publish({
      nodes: [START, post('post', `${sink.url}/moment`)],
      edges: 'start>post',
    });
    const [id] = await fixture.start(flow, [{}]);
    await sink.waitFor('/moment', 1);
    await db.query('update run set cancel_requested_at = now() where id = $1', [id]);
    arrived();
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'cancelled' });
    await sink.stop();
  });
});
