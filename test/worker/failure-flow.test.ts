import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { waitFor } from '#test/support/wait-for.ts';
import { publishForCalls } from './published.ts';
import { post, START, useWorkers, whenAllEnded } from './worker-fixture.ts';

const fixture = useWorkers();

describe('SIGKILL while runs fail', () => {
  test('every failed run has its failure flow, once, with what it failed of', async () => {
    const { sink, db } = fixture;
    sink.reply('/refuse', { status: 400, delayMs: 20 });
    const handler = await publishForCalls(fixture, {
      nodes: [
        START,
        {
          id: 'note',
          type: 'core.map',
          config: {
            output: { run: { $expr: 'trigger.body.run.id' }, code: { $expr: 'trigger.body.error.code' } },
          },
        },
      ],
      edges: 'start>note',
    });
    const flow = await publishForCalls(fixture, {
      nodes: [START, post('refuse', `${sink.url}/refuse`)],
      edges: 'start>refuse',
      settings: { onFailure: handler.slug },
    });
    const env = { PATCHBAY_CONCURRENCY: '8' };
    let worker = await fixture.startWorker(env);
    const runIds = await fixture.start(
      flow,
      Array.from({ length: 80 }, (_, n) => ({ n })),
    );
    for (const calls of [15, 40, 65]) {
      await waitFor(`${calls} calls`, () => sink.at('/refuse').length >= calls);
      worker.signal('SIGKILL');
      await worker.ended;
      await sleep(50);
      worker = await fixture.startWorker(env);
    }
    await whenAllEnded(fixture);
    await waitFor('all ends to be told', async () => {
      const { rows } = await db.query('select 1 from run where is_end_due');
      return rows.length === 0;
    });
    await whenAllEnded(fixture);
    const { rows } = await db.query<{
      failed: string;
      status: string;
      output: { run: string; code: string };
    }>('select failure_of as failed, status::text as status, output from run where failure_of is not null');
    expect(rows.map(({ failed }) => failed).sort()).toEqual([...runIds].sort());
    for (const { failed, status, output } of rows) {
      expect(status).toBe('succeeded');
      expect(output).toEqual({ run: failed, code: 'http_status' });
    }
  }, 240_000);
});
