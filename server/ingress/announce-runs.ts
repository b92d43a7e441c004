import { crashPoint } from '#server/crash-point.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { wakePool } from '#server/ingress/ingress-pool.ts';
import { log } from '#server/log.ts';
import { notifyWorkers } from '#server/queue/wake-channel.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';

/** Beyond this many the workers are busy anyway, and find the rest by themselves. */
const MAX_PENDING = 5_000;
/** Jobs are for workers that did not hear the notification: they need not be many. */
const JOB_MS = 1_000;

/** Told to the listening workers already, and not to the queue. */
let unqueued: string[] = [];
let isNews = false;
let sending: Promise<void> | undefined;
let queueing: NodeJS.Timeout | undefined;
let queued: Promise<void> = Promise.resolve();

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
  if (unqueued.length < MAX_PENDING) unqueued.push(...started.map(({ id }) => id));
  isNews = true;
  sending ??= send();
  queueing ??= setTimeout(enqueue, JOB_MS);
}

/** Resolves once every wake-up has gone out or failed. */
export async function whenAnnounced(): Promise<void> {
  await sending;
  enqueue();
  await queued;
}

/** One at a time: what gathers meanwhile goes out together. */
async function send(): Promise<void> {
  while (isNews) {
    isNews = false;
    await orWarn(async () => {
      crashPoint('wake.before_send');
      await notifyWorkers(wakePool());
      crashPoint('wake.after_send');
    });
  }
  sending = undefined;
}

function enqueue(): void {
  clearTimeout(queueing);
  queueing = undefined;
  const runIds = unqueued;
  unqueued = [];
  queued = queued.then(() => orWarn(() => wakeRuns(wakePool(), runIds)));
}

async function orWarn(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn(
      { err: error, part: 'ingress' },
      'Workers could not be woken; they will find the runs by themselves',
    );
  }
}
