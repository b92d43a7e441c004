import { expect, test } from 'vitest';

import { proveFlood } from '#test/bench/flood/prove-flood.ts';
import { openStage } from '#test/faults/stage.ts';

import { post } from './test-flow.ts';

/** The short tier of `npm run flood`. */
test('large bodies and slow sockets leave memory bounded and a clean client served, and nothing accepted is lost', async () => {
  const stage = await openStage();
  try {
    const hookOf = async (path: string) =>
      stage.addHook(
        await stage.publishLive({
          nodes: [
            { id: 'hook', type: 'core.webhook' },
            post('call', `${stage.sink.url}${path}`, { body: { id: { $expr: 'trigger.body.id' } } }),
          ],
          edges: 'hook>call',
        }),
      );
    const web = await stage.startWeb({ LOG_LEVEL: 'warn' });
    const worker = await stage.startWorker({ LOG_LEVEL: 'warn' });
    const report = await proveFlood({
      db: stage.db,
      webPid: web.process.pid,
      workerPid: worker.pid,
      cleanUrl: web.hooksUrl + (await hookOf('/clean')),
      attack: {
        url: web.hooksUrl + (await hookOf('/flooded')),
        senders: 120,
        bodyBytes: 1_000_000,
        sends: 4,
        slowSockets: 200,
        seconds: 6,
      },
      settleMs: 45_000,
    });
    expect(report.faults).toEqual([]);
    expect(report.slowOpen).toBe(200);
    expect(report.replies['202']).toBeGreaterThan(0);
  } finally {
    await stage.close();
  }
}, 240_000);
