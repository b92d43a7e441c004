import { PgBoss, type ConstructorOptions } from 'pg-boss';

import { databaseUrl, pool } from '#server/db/pool.ts';
import { log } from '#server/log.ts';
import { queueDatabase } from '#server/queue/queue-database.ts';

/** The one queue: its jobs say "these runs are due" and carry nothing else. Losing them loses nothing. */
export const WAKE_QUEUE = 'run-wake';

/** One pg-boss a process, also where a bundler loads this module twice. */
const holder = globalThis as typeof globalThis & { patchbayQueue?: Promise<PgBoss> };

/**
 * The process's pg-boss; started at the first call, for sending alone, unless `startQueueWorker` came first.
 * Creates pg-boss's schema when it is missing. Rejects while the database is away; the next call tries again.
 */
export function queue(): Promise<PgBoss> {
  return hold(() => startBoss({ db: queueDatabase(pool()), supervise: false }));
}

/**
 * Starts pg-boss in a worker: it listens on a connection of its own, keeps the queue tidy, and calls `onWake`
 * within a few milliseconds of each commit that woke a run.
 */
export async function startQueueWorker(onWake: () => void): Promise<void> {
  const boss = await hold(() => startBoss(workerOptions()));
  await boss.work(
    WAKE_QUEUE,
    // The jobs are hints: many are taken at once, and a lost listener falls back to polling.
    { batchSize: 200, burstWhenBatchFull: true, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5 },
    () => {
      onWake();
      return Promise.resolve();
    },
  );
}

/** Stops what `queue` or `startQueueWorker` started; a later call starts anew. */
export async function stopQueue(): Promise<void> {
  const started = holder.patchbayQueue;
  holder.patchbayQueue = undefined;
  const boss = await started?.catch(() => undefined);
  await boss?.stop({ graceful: true, timeout: 2_000 });
}

/** Forgets a start that failed, so that the next call tries again. */
function hold(start: () => Promise<PgBoss>): Promise<PgBoss> {
  holder.patchbayQueue ??= start().catch((error: unknown) => {
    holder.patchbayQueue = undefined;
    throw error;
  });
  return holder.patchbayQueue;
}

async function startBoss(options: ConstructorOptions): Promise<PgBoss> {
  const boss = new PgBoss({ schedule: false, registerInstance: false, ...options });
  boss.on('error', (error) => log.warn({ err: error, part: 'queue' }, 'the queue had trouble'));
  boss.on('warning', (warning) => log.debug({ warning, part: 'queue' }, 'the queue warns'));
  await boss.start();
  await boss.createQueue(WAKE_QUEUE, QUEUE_OPTIONS);
  return boss;
}

/** Short lives: a hint that nobody took within the hour is worthless, the reconciler has long done its work. */
const QUEUE_OPTIONS = {
  notify: true,
  retryLimit: 0,
  expireInSeconds: 30,
  retentionSeconds: 3_600,
  deleteAfterSeconds: 60,
};

function workerOptions(): ConstructorOptions {
  return {
    connectionString: databaseUrl(),
    application_name: 'patchbay-queue',
    max: 2,
    // Hints need not survive a power cut, so their commits do not wait for the disk.
    options: '-c synchronous_commit=off',
    useListenNotify: true,
    superviseIntervalSeconds: 30,
    maintenanceIntervalSeconds: 60,
    monitorIntervalSeconds: 60,
  };
}
