import { expect, test } from 'vitest';

import { startOrderDesk } from '#test/bench/order-desk.ts';
import { proveRedrive } from '#test/bench/prove-redrive.ts';
import { makeApiKey } from '#test/support/people.ts';
import { useWorkers } from './worker-fixture.ts';

const fixture = useWorkers();

/** The short tier of `npm run redrive-proof`. */
test('a hundred dead letters are redriven, each once, through a pause and the death of the worker', async () => {
  const desk = await startOrderDesk();
  try {
    const { db, workspaceId, startWorker } = fixture;
    const key = await makeApiKey(workspaceId, 'operator');
    const report = await proveRedrive({
      db,
      workspaceId,
      key,
      desk,
      count: 100,
      ratePerSecond: 200,
      startWorker,
    });
    expect(report).toMatchObject({ deadLetters: 100, succeeded: 100, repeatedAfterCommit: 0, faults: [] });
  } finally {
    desk.stop();
  }
}, 240_000);
