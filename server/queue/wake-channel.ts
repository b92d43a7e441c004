import type pg from 'pg';

import { Listener } from '#server/live/listener.ts';

/** The Postgres channel that says "runs are due", and nothing else. */
const WAKE_CHANNEL = 'patchbay_wake';

/**
 * Tells the workers that are listening that runs are due: one short statement, where a job of the queue takes three. A worker that
 * does not hear it finds the runs by the job or by its poll.
 */
export async function notifyWorkers(pool: pg.Pool): Promise<void> {
  await pool.query({ name: 'notify_workers', text: `select pg_notify('${WAKE_CHANNEL}', '')` });
}

/** Calls `onWake` whenever `notifyWorkers` is called in any process, and after each reconnect. Close it in the end. */
export function listenForWakes(onWake: () => void): Listener {
  return new Listener({ channels: [WAKE_CHANNEL], onPayload: onWake, onGap: onWake });
}
