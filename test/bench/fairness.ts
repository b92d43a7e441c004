/**
 * npm run fairness: how soon a new run begins while another flow has many queued, on a real worker; and how evenly equal
 * tenants share one. One JSON line a scenario; exit 1 where a start took longer than 2 s at p95, or Jain's index is under 0.95.
 * Uses the server in PATCHBAY_TEST_POSTGRES, else starts one of its own. Nothing wakes the worker: its own poll does.
 *
 * --queued N (20000)   runs that the noisy flow has
 * --seconds N (20)     for how long the others get a run a second
 * --tenants N (50)     equal tenants
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import type pg from 'pg';

import { createPool } from '#server/db/pool.ts';
import { createTestDatabase } from '#test/support/database.ts';
import setUp from '#test/support/global-setup.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { addFlow, addRuns, addWorkspace, jainIndex, type TenantFlow } from '#test/worker/tenants.ts';
import { endChild, spawnWorker } from '#test/worker/worker-process.ts';

import { percentiles } from './report.ts';

const { values } = parseArgs({
  options: {
    queued: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '20' },
    tenants: { type: 'string', default: '50' },
  },
});

const MAX_START_MS = 2_000;
const MIN_JAIN = 0.95;

interface World {
  readonly db: pg.Pool;
  readonly sink: Sink;
  /** Runs `work` beside a real worker, and empties the database after it. */
  beside<T>(work: () => Promise<T>): Promise<T>;
}

await main();

async function main(): Promise<void> {
  const [queued, seconds, tenants] = [values.queued, values.seconds, values.tenants].map(Number) as [
    number,
    number,
    number,
  ];
  const tearDown = await setUp();
  const database = await createTestDatabase();
  const db = createPool(database.url, { max: 3 });
  const sink = await startSink();
  const children = new Set<ChildProcess>();
  const secretKey = randomBytes(32).toString('base64');
  const beside: World['beside'] = async (work) => {
    await spawnWorker({ databaseUrl: database.url, secretKey }, { env: { LOG_LEVEL: 'warn' }, children });
    try {
      return await work();
    } finally {
      await Promise.all([...children].map(endChild));
      await db.query('truncate run, event cascade');
    }
  };
  const world = { db, sink, beside };
  try {
    sink.reply('/quick', { delayMs: 20 });
    sink.reply('/slow', { delayMs: 15_000 });
    const fits = [
      await starts(world, { scenario: 'queued runs', path: '/quick', queued, seconds, isKeyed: false }),
      await starts(world, {
        scenario: 'queued runs in lines',
        path: '/quick',
        queued,
        seconds,
        isKeyed: true,
      }),
      await starts(world, { scenario: 'calls of 15 s', path: '/slow', queued, seconds, isKeyed: false }),
      await shares(world, tenants),
    ];
    process.exitCode = fits.every(Boolean) ? 0 : 1;
  } finally {
    await Promise.all([...children].map(endChild));
    await sink.stop();
    await db.end();
    await database.drop();
    await tearDown();
  }
}

interface Noise {
  readonly scenario: string;
  readonly path: string;
  readonly queued: number;
  readonly seconds: number;
  readonly isKeyed: boolean;
}

async function starts(world: World, noise: Noise): Promise<boolean> {
  const { db, sink, beside } = world;
  const workspaceId = await addWorkspace(db);
  const noisy = await addFlow(db, workspaceId, sink.url + noise.path);
  const same = await addFlow(db, workspaceId, `${sink.url}/ok`);
  const other = await addFlow(db, await addWorkspace(db), `${sink.url}/ok`);
  await addRuns(db, noisy, { count: noise.queued, isKeyed: noise.isKeyed });
  return beside(async () => {
    await waitFor('the noisy flow', async () => (await startsOf(db, noisy)).length > 0, 30_000);
    for (let second = 0; second < noise.seconds; second++) {
      for (const flow of [same, other]) await addRuns(db, flow, { count: 1, isKeyed: noise.isKeyed });
      await sleep(1_000);
    }
    const all = async () => Promise.all([same, other].map((flow) => startsOf(db, flow)));
    await waitFor(
      'the last runs',
      async () => (await all()).every(({ length }) => length === noise.seconds),
      60_000,
    );
    const [ofSame = [], ofOther = []] = await all();
    const report = {
      ...noise,
      noisyRunsBegun: (await startsOf(db, noisy)).length,
      otherFlowMs: { ...percentiles(ofSame), max: Math.round(Math.max(...ofSame)) },
      otherWorkspaceMs: { ...percentiles(ofOther), max: Math.round(Math.max(...ofOther)) },
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return report.otherFlowMs.p95 <= MAX_START_MS && report.otherWorkspaceMs.p95 <= MAX_START_MS;
  });
}

/** From its commit to its first claim, in milliseconds, of each run that began. */
async function startsOf(db: pg.Pool, flow: TenantFlow): Promise<number[]> {
  const { rows } = await db.query<{ ms: number }>(
    `select extract(epoch from started_at - created_at)::float8 * 1000 as ms
     from run where flow_id = $1 and started_at is not null`,
    [flow.id],
  );
  return rows.map(({ ms }) => ms);
}

async function shares({ db, sink, beside }: World, tenants: number): Promise<boolean> {
  const each = 100;
  const flows: TenantFlow[] = [];
  for (let n = 0; n < tenants; n++)
    flows.push(await addFlow(db, await addWorkspace(db), `${sink.url}/quick`));
  for (const flow of flows) await addRuns(db, flow, { count: each });
  return beside(async () => {
    const count = async () => {
      const { rows } = await db.query<{ id: string; count: number }>(
        `select flow_id as id, count(*)::int as count from run where status = 'succeeded' group by flow_id`,
      );
      const byFlow = new Map(rows.map((row) => [row.id, row.count]));
      return flows.map(({ id }) => byFlow.get(id) ?? 0);
    };
    const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
    const half = await waitFor(
      'half of all runs',
      async () => {
        const counts = await count();
        return sum(counts) >= (tenants * each) / 2 && counts;
      },
      120_000,
    );
    const jain = jainIndex(half);
    const report = { scenario: `${tenants} equal tenants`, each, jain: Math.round(jain * 1e4) / 1e4 };
    process.stdout.write(
      `${JSON.stringify({ ...report, least: Math.min(...half), most: Math.max(...half) })}\n`,
    );
    return jain >= MIN_JAIN;
  });
}
