/**
 * The worker process: runs flows until it is told to stop. SIGTERM drains (25 s at most, exit 0); a second one, or the
 * deadline, ends it at once (exit 1). It also stops when the supervisor that started it goes away. With `--ward` it runs
 * suspects alone, and stops when there are none.
 */
import { AlertDuty } from '#server/alerts/alert-duty.ts';
import { renewalsDone } from '#server/connections/guard.ts';
import { openConnection, renewConnection } from '#server/connections/open-connection.ts';
import { closePool, createPool, databaseUrl, pool as mainPool } from '#server/db/pool.ts';
import { closePrisma } from '#server/db/prisma.ts';
import { closeEgress, egressClient } from '#server/egress/egress-client.ts';
import { env, EnvironmentError } from '#server/env.ts';
import { flushNotices } from '#server/live/outbox.ts';
import { log } from '#server/log.ts';
import { Mailer } from '#server/mail/mailer.ts';
import { mailSettings } from '#server/mail/mail-settings.ts';
import { stopQueue } from '#server/queue/boss.ts';
import { measureProcess } from '#server/metrics/registry.ts';
import { reportReady } from '#server/stop-request.ts';
import { admitKeys } from '#server/vault/admit-keys.ts';
import { keyRing } from '#server/vault/key-ring.ts';
import { briefly } from '#worker/briefly.ts';
import { allObservers } from '#worker/observe/observer.ts';
import { startProbeServer } from '#worker/observe/probe-server.ts';
import { runLog } from '#worker/observe/run-log.ts';
import { measureSlots, runMeasures } from '#worker/observe/run-measures.ts';
import { startTracing } from '#worker/observe/start-tracing.ts';
import { DriftKeeper } from '#worker/drift-keeper.ts';
import { RetentionKeeper } from '#worker/retention-keeper.ts';
import { runServices } from '#worker/run-services.ts';
import { codeRunner } from '#worker/sandbox/run-code.ts';
import { createSandbox } from '#worker/sandbox/sandbox.ts';
import { untilAnswered } from '#worker/until-answered.ts';
import { Wards } from '#worker/wards.ts';
import { Worker } from '#worker/worker.ts';

const DRAIN_DEADLINE_MS = 25_000;
/** Started by a worker, for runs that may have killed others (`Wards`). */
const isWard = process.argv.includes('--ward');

async function main(): Promise<void> {
  const { PATCHBAY_CONCURRENCY: concurrency, PATCHBAY_WORKER_HOST: host, PATCHBAY_WORKER_PORT: port } = env();
  const keys = keyRing();
  const pool = createPool(databaseUrl(), HOT_POOL);
  const fault = await untilAnswered(() => admitKeys(pool, keys), 'the keys of the database');
  if (fault) throw new EnvironmentError(fault);
  const tracing = startTracing(env());
  const sandbox = createSandbox();
  const runCode = codeRunner(sandbox);
  const worker = new Worker({
    pool,
    concurrency,
    isWard,
    observer: allObservers([runMeasures, runLog, ...(tracing ? [tracing.observer] : [])]),
    onIdle: () => void stop(),
    http: egressClient(),
    openConnection: briefly(openConnection),
    renewConnection,
    runServices: (step) => ({ ...runServices(step), runCode: (job) => runCode(step, job) }),
  });
  const mail = mailSettings();
  const mailer = mail && !isWard ? new Mailer(pool, mail) : null;
  const alerts = isWard ? null : new AlertDuty();
  const drift = isWard ? null : new DriftKeeper();
  const retention = isWard ? null : new RetentionKeeper();
  const wards = isWard ? null : new Wards(pool, worker.due);
  const probed = {
    isDraining: false,
    get isKnown() {
      return worker.isKnown;
    },
  };
  const stopProbes = isWard || port === undefined ? null : await startProbeServer({ host, port }, probed);
  const stop = once(async () => {
    probed.isDraining = true;
    setTimeout(() => process.exit(1), DRAIN_DEADLINE_MS).unref();
    await Promise.all([
      worker.drain(),
      mailer?.stop(),
      alerts?.stop(),
      wards?.stop(),
      retention?.stop(),
      drift?.stop(),
    ]);
    await renewalsDone();
    await tracing?.stop();
    await sandbox.close();
    await stopQueue();
    await flushNotices();
    await closeEgress();
    await closePrisma();
    await closePool();
    await pool.end();
    stopProbes?.();
    log.info({ part: 'worker' }, 'worker stopped');
    process.exit(0);
  });
  stopOnRequest(stop);
  measureProcess({ hot: () => pool, main: mainPool });
  measureSlots(() => ({ inHand: worker.inHand, slots: concurrency }));
  await worker.start();
  mailer?.start();
  alerts?.start();
  wards?.start();
  retention?.start();
  drift?.start();
  log.info({ part: 'worker', worker: worker.id, concurrency }, 'worker ready');
  reportReady();
}

/**
 * The statements of the hot path touch few rows by key. Their plans are kept for the life of a connection, and one made
 * while the tables were empty would scan them for ever. Nor are they made anew for each call: for some, that takes longer than
 * the statement itself.
 */
const HOT_POOL = {
  application_name: 'patchbay-worker',
  max: 6,
  keepAlive: true,
  query_timeout: 30_000,
  options:
    '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off -c plan_cache_mode=force_generic_plan',
};

function stopOnRequest(stop: () => Promise<void>): void {
  let requests = 0;
  const request = () => {
    requests += 1;
    if (requests > 1) process.exit(1);
    void stop();
  };
  process.on('SIGTERM', request);
  // Ctrl-C reaches the whole group; a supervised worker waits for its supervisor's word.
  process.on('SIGINT', () => (process.connected ? undefined : request()));
  process.on('disconnect', () => void stop());
}

function once(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => (begun ??= work());
}

// Last, so that every constant above is there.
try {
  await main();
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  // The open message channel would keep the process.
  process.exit(1);
}
