import { PgBoss, type ConstructorOptions } from 'pg-boss';

import { databaseUrl, pool } from '#server/db/pool.ts';
import { log } from '#server/log.ts';
import { queueDatabase } from '#server/queue/queue-database.ts';

/** The one queue: its jobs say "these runs are due" and carry nothing else. Losing them loses nothing. */
export const WAKE_QUEUE = 'run-wake';

/** At most one of each a process, also where a bundler loads this module twice. */
const holder = globalThis as typeof globalThis & {
  patchbayQueueSender?: Promise<PgBoss>;
  patchbayQueueWorker?: Promise<PgBoss>;
};

/**
 * The process's pg-boss, started at the first call: a worker's own, else one for sending alone. Creates pg-boss's schema
 * when it is missing. Rejects while the database is away; the next call tries again.
 */
export function queue(): Promise<PgBoss> {
  if (holder.patchbayQueueWorker) return holder.patchbayQueueWorker;
  holder.patchbayQueueSender ??= startBoss({ db: queueDatabase(pool()), supervise: false }).catch(
    (error: unknown) => {
      holder.patchbayQueueSender = undefined;
      throw error;
    },
  );
  return holder.patchbayQueueSender;
}

/**
 * Starts pg-boss in a worker: it listens on a connection of its own, keeps the queue tidy, and calls `onWake`
 * within a few milliseconds of each commit that woke a run. Rejects while the database is away; call it again then.
 */
export async function startQueueWorker(onWake: () => void): Promise<void> {
  holder.patchbayQueueWorker ??= startBoss(workerOptions());
  try {
    const boss = await holder.patchbayQueueWorker;
    await boss.work(WAKE_QUEUE, WORK_OPTIONS, () => {
      onWake();
      return Promise.resolve();
    });
  } catch (error) {
    await stopBoss(holder.patchbayQueueWorker);
    holder.patchbayQueueWorker = undefined;
    throw error;
  }
}

/** Stops what `queue` or `startQueueWorker` started; a later call starts anew. */
export async function stopQueue(): Promise<void> {
  const started = [holder.patchbayQueueSender, holder.patchbayQueueWorker];
  holder.patchbayQueueSender = undefined;
  holder.patchbayQueueWorker = undefined;
  await Promise.all(started.map(stopBoss));
}

/** The jobs are hints: many are taken at once, and a lost listener falls back to polling. */
const WORK_OPTIONS = {
  batchSize: 200,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: 1,
  notifyPollingIntervalSeconds: 5,
};

async function stopBoss(started: Promise<PgBoss> | undefined): Promise<void> {
  const boss = await started?.catch(() => undefined);
  await boss?.stop({ graceful: true, timeout: 2_000 }).catch((error: unknown) => {
    log.debug({ err: error, part: 'queue' }, 'the queue did not stop cleanly');
  });
}

async function startBoss(options: ConstructorOptions): Promise<PgBoss> {
  const boss = new PgBoss({ schedule: false, registerInstance: false, ...options });
  boss.on('error', (error) => log.warn({ err: error, part: 'queue' }, 'the queue had trouble'));
  boss.on('warning', (warning) => log.debug({ warning, part: 'queue' }, 'the queue warns'));
  try {
    await boss.start();
    await boss.createQueue(WAKE_QUEUE, QUEUE_OPTIONS);
    return boss;
  } catch (error) {
    await stopBoss(Promise.resolve(boss));
    throw error;
  }
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
