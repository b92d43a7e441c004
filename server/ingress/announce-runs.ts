import { crashPoint } from '#server/crash-point.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { wakePool } from '#server/ingress/ingress-pool.ts';
import { log } from '#server/log.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';

const MAX_PENDING = 5_000;

let pending: string[] = [];
let sending: Promise<void> | undefined;

/**
 * Wakes the workers for runs that were just committed, and tells the readers of run lists. Returns at once.
 *
 * After the commit, not in it: a NOTIFY holds a lock of the whole database until its commit is on disk, which would put
 * the batches of all web processes in a row; and a queue in trouble must not keep an event from being stored. What a crash
 * loses in between is only the hint: workers look for due runs every 500 ms.
 */
export function announceRuns(started: readonly RunNotice[]): void {
  if (started.length === 0) return;
  publishRunChanges(started);
  // Beyond this the workers are busy anyway, and find the rest by themselves.
  if (pending.length < MAX_PENDING) pending.push(...started.map(({ id }) => id));
  sending ??= send();
}

/** Resolves once every wake-up has gone out or failed. */
export async function whenAnnounced(): Promise<void> {
  await sending;
}

/** One at a time: what gathers meanwhile goes out together. */
async function send(): Promise<void> {
  while (pending.length > 0) {
    const runIds = pending;
    pending = [];
    try {
      crashPoint('wake.before_send');
      await wakeRuns(wakePool(), runIds);
      crashPoint('wake.after_send');
    } catch (error) {
      log.warn(
        { err: error, part: 'ingress' },
        'Workers could not be woken; they will find the runs by themselves',
      );
    }
  }
  sending = undefined;
}
