import type pg from 'pg';

import { queue, WAKE_QUEUE } from '#server/queue/boss.ts';
import { queueDatabase } from '#server/queue/queue-database.ts';

/**
 * Tells the workers that runs are due: one job and one notification a call, however many runs.
 *
 * Given a client inside a transaction, the job commits with it and the notification goes out at COMMIT. The runs' own
 * `wake_at` is what makes them run; the job only saves the wait for the workers' poll (500 ms).
 */
export async function wakeRuns(client: pg.ClientBase | pg.Pool, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  const boss = await queue();
  await boss.insert(WAKE_QUEUE, [{ data: { runIds } }], { db: queueDatabase(client) });
}
