import { afterEach } from 'vitest';

import type { WorkerFixture, WorkerProcess } from './worker-fixture.ts';

/** A worker at most at a time: it is killed after each test, and no run is left. Call it at the top level of a test file. */
export function useOneWorker(fixture: WorkerFixture) {
  let worker: WorkerProcess | undefined;
  afterEach(async () => {
    worker?.signal('SIGKILL');
    await worker?.ended;
    worker = undefined;
    await fixture.db.query('delete from run');
  });
  return async (slots: number): Promise<void> => {
    worker = await fixture.startWorker({ PATCHBAY_CONCURRENCY: String(slots) });
  };
}
