import { setTimeout as sleep } from 'node:timers/promises';

import { openStage, type Stage } from '#test/faults/stage.ts';
import type { LaunchedProcess } from '#test/support/launch-process.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { post, START } from '#test/worker/test-flow.ts';

const STOPPED_MS = 20_000;
const AT_A_TIME = 20;

export interface ZombieReport {
  readonly name: 'zombies';
  /** Workers that were stopped in the middle of a step and woke up after another had finished the run. */
  readonly stopped: number;
  /** Runs whose rows changed after their zombies woke up. */
  readonly staleWrites: number;
  /** Steps that were called again after they were on record. */
  readonly repeated: number;
  readonly faults: readonly string[];
}

/** Stops so many workers for 20 s, each in the middle of a step, has another finish their runs, and wakes them up again. */
export async function runZombies(count: number): Promise<ZombieReport> {
  const report = {
    name: 'zombies' as const,
    stopped: 0,
    staleWrites: 0,
    repeated: 0,
    faults: [] as string[],
  };
  const stage = await openStage();
  try {
    while (report.stopped < count) {
      const found = await round(stage, Math.min(AT_A_TIME, count - report.stopped), report.stopped);
      report.stopped += found.stopped;
      report.staleWrites += found.staleWrites;
      report.repeated += found.repeated;
      report.faults.push(...found.faults);
    }
    return report;
  } finally {
    await stage.close();
  }
}

async function round(stage: Stage, size: number, first: number): Promise<Omit<ZombieReport, 'name'>> {
  const { sink, db } = stage;
  const path = `/slow-${first}`;
  let answer: () => void = () => undefined;
  const held = new Promise<void>((done) => (answer = done));
  // Each run's first call hangs until its worker is a zombie; then it is answered, for the zombie to write down.
  sink.reply(path, (_, before) => (before < size ? { until: held, body: 'zombie' } : { body: 'heir' }));
  const flow = await stage.publish({
    nodes: [START, post('one', `${sink.url}${path}`), post('two', `${sink.url}/two-${first}`)],
    edges: 'start>one one>two',
  });
  const zombies = await Promise.all(
    Array.from({ length: size }, () => stage.startWorker({ PATCHBAY_CONCURRENCY: '1', LOG_LEVEL: 'warn' })),
  );
  const ids = await stage.start(
    flow,
    Array.from({ length: size }, (_, n) => ({ n: first + n })),
  );
  await sink.waitFor(path, size, 60_000);
  zombies.forEach((zombie) => zombie.signal('SIGSTOP'));
  const stoppedAt = performance.now();
  const heir = await stage.startWorker({ LOG_LEVEL: 'warn' });
  await waitFor('the heir to finish the runs', () => allSucceeded(stage, ids), 60_000);
  await sleep(Math.max(0, STOPPED_MS - (performance.now() - stoppedAt)));
  const before = await rowsOf(stage, ids);
  const calls = sink.requests.length;

  answer();
  zombies.forEach((zombie) => zombie.signal('SIGCONT'));
  await waitFor(
    'the zombies to be registered again',
    async () => {
      const { rows } = await db.query<{ count: number }>(
        `select count(*)::int as count from worker where heartbeat_at > now() - interval '2 seconds'`,
      );
      return rows[0]!.count >= size + 1;
    },
    30_000,
  );
  // Time for what they still mean to write.
  await sleep(2_000);
  const after = await rowsOf(stage, ids);
  const faults = ids.filter((id) => before.get(id) === undefined).map((id) => `run ${id} left no rows`);
  const orphaned = zombies.filter((zombie) => zombie.output().includes('runs that nobody held'));
  if (orphaned.length > 0) faults.push('a worker claimed runs before it was registered again');
  await end([...zombies, heir]);
  return {
    stopped: size,
    staleWrites: ids.filter((id) => before.get(id) !== after.get(id)).length,
    repeated: sink.requests.length - calls,
    faults,
  };
}

async function allSucceeded({ db }: Stage, ids: readonly string[]): Promise<boolean> {
  const { rows } = await db.query(
    `select 1 from run where id = any($1::uuid[]) and status <> 'succeeded' limit 1`,
    [ids],
  );
  return rows.length === 0;
}

/** All that is on record of each run, as text. */
async function rowsOf({ db }: Stage, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ id: string; record: string }>(
    `select r.id, concat(to_jsonb(r),
       (select jsonb_agg(to_jsonb(s) order by node_id, key) from step s where s.run_id = r.id),
       (select jsonb_agg(to_jsonb(a) order by node_id, key, number) from attempt a where a.run_id = r.id)) as record
     from run r where r.id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, record }) => [id, record]));
}

async function end(workers: readonly LaunchedProcess[]): Promise<void> {
  workers.forEach((worker) => worker.signal('SIGTERM'));
  await Promise.all(workers.map(({ ended }) => ended));
}
