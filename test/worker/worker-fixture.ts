import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';

import type pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

import type { RunStatus } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';
import { stepId } from '#core/plan/step-id.ts';
import type { Actor } from '#server/auth/actor.ts';
import { closePool, createPool } from '#server/db/pool.ts';
import { closePrisma } from '#server/db/prisma.ts';
import { stopQueue } from '#server/queue/boss.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { post, publishFlow, START, storeRuns, type PublishedFlow, type TestFlow } from './test-flow.ts';
import { endChild, spawnWorker, type WorkerProcess } from './worker-process.ts';

export { post, START };
export type { PublishedFlow, TestFlow, WorkerProcess };

/** A migrated database, a far end and workers in processes of their own, for one test file. */
export interface WorkerFixture {
  readonly databaseUrl: string;
  readonly workspaceId: string;
  readonly db: pg.Pool;
  /** The far end. */
  readonly sink: Sink;
  readonly secretKey: string;
  /** Publishes a flow; the first node is a `core.manual` trigger called `start`. */
  publish(flow: TestFlow): Promise<PublishedFlow>;
  /** Stores events and runs that are due, as a start by hand does. Resolves to the runs' ids. */
  start(flow: PublishedFlow, inputs: readonly Json[]): Promise<string[]>;
  /** The same without waking the workers. */
  startQuietly(flow: PublishedFlow, inputs: readonly Json[]): Promise<string[]>;
  startWorker(env?: Readonly<Record<string, string>>, nodeArgs?: readonly string[]): Promise<WorkerProcess>;
}

/** Call it at the top level of a test file; the object is filled in before the first test. */
export function useWorkers(): WorkerFixture {
  const fixture = {} as { -readonly [Name in keyof WorkerFixture]: WorkerFixture[Name] };
  const children = new Set<ChildProcess>();
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    fixture.databaseUrl = database.url;
    fixture.db = createPool(database.url, { max: 4 });
    fixture.sink = await startSink();
    fixture.workspaceId = randomUUID();
    fixture.secretKey = randomBytes(32).toString('base64');
    process.env['DATABASE_URL'] = database.url;
    process.env['PATCHBAY_SECRET_KEY'] = fixture.secretKey;
    await fixture.db.query('insert into workspace (id, slug, name) values ($1, $2, $2)', [
      fixture.workspaceId,
      'test',
    ]);
    fixture.publish = (flow) => publishFlow(fixture, flow);
    fixture.startQuietly = (flow, inputs) => storeRuns(fixture, flow, inputs);
    fixture.start = async (flow, inputs) => {
      const runIds = await storeRuns(fixture, flow, inputs);
      await wakeRuns(fixture.db, runIds);
      return runIds;
    };
    fixture.startWorker = (env = {}, nodeArgs = []) => spawnWorker(fixture, { env, children, nodeArgs });
  });
  afterAll(async () => {
    await Promise.all([...children].map(endChild));
    await fixture.sink.stop();
    await stopQueue();
    await closePrisma();
    await closePool();
    await fixture.db.end();
    await database?.drop();
  });
  return fixture;
}

export interface RunRow {
  readonly id: string;
  readonly status: RunStatus;
  readonly output: Json;
  readonly reply: Json;
  readonly error: {
    readonly code: string;
    readonly kind: string;
    readonly message: string;
    readonly nodeId?: string;
  } | null;
  readonly deaths: number;
  readonly epoch: number;
  readonly lease_worker_id: string | null;
  readonly wake_at: Date | null;
  readonly finished_at: Date | null;
  readonly signals: number;
  readonly compensation: string | null;
  readonly is_end_due: boolean;
}

export interface StepRow {
  readonly run_id: string;
  readonly node_id: string;
  readonly key: string;
  readonly status: string;
  readonly ports: readonly string[];
  readonly input: Json;
  readonly output: Json;
  readonly error: {
    readonly code: string;
    readonly kind: string;
    readonly message: string;
    readonly pointer?: string;
  } | null;
  readonly attempts: number;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly next_attempt_at: Date | null;
  readonly waiting_for: string | null;
  readonly held_by: string | null;
  readonly state: Json;
  readonly logs: readonly string[] | null;
}

export interface AttemptRow {
  readonly node_id: string;
  readonly number: number;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly error: { readonly code: string } | null;
}

export async function readRun({ db }: WorkerFixture, id: string): Promise<RunRow> {
  const { rows } = await db.query<RunRow>('select * from run where id = $1', [id]);
  return rows[0]!;
}

/** The steps of a run by id and loop path: `post`, `post 3`. */
export async function readKeyedSteps({ db }: WorkerFixture, runId: string): Promise<Record<string, StepRow>> {
  const { rows } = await db.query<StepRow>('select * from step where run_id = $1', [runId]);
  return Object.fromEntries(rows.map((row) => [stepId(row.node_id, row.key), row]));
}

export async function readSteps({ db }: WorkerFixture, runId: string): Promise<Record<string, StepRow>> {
  const { rows } = await db.query<StepRow>('select * from step where run_id = $1', [runId]);
  return Object.fromEntries(rows.map((row) => [row.node_id, row]));
}

export async function readAttempts({ db }: WorkerFixture, runId: string): Promise<AttemptRow[]> {
  const { rows } = await db.query<AttemptRow>(
    'select * from attempt where run_id = $1 order by node_id, number',
    [runId],
  );
  return rows;
}

const ENDED = ['succeeded', 'failed', 'cancelled'];

/** Resolves once the run has the status, by default any that ends it. */
export function whenRun(
  fixture: WorkerFixture,
  id: string,
  { status = ENDED, timeoutMs }: { status?: readonly string[]; timeoutMs?: number } = {},
): Promise<RunRow> {
  return waitFor(
    `run ${id} to be ${status.join(' or ')}`,
    async () => {
      const run = await readRun(fixture, id);
      return status.includes(run.status) ? run : undefined;
    },
    timeoutMs,
  );
}

/** Resolves once all runs of the database have ended. */
export async function whenAllEnded(fixture: WorkerFixture, timeoutMs = 60_000): Promise<void> {
  await waitFor(
    'all runs to end',
    async () => {
      const { rows } = await fixture.db.query(
        'select 1 from run where status <> all($1::run_status[]) limit 1',
        [ENDED],
      );
      return rows.length === 0;
    },
    timeoutMs,
  );
}

/** A person of the workspace who may start, replay and decide. */
export function operatorOf({ workspaceId }: WorkerFixture): Actor {
  return {
    kind: 'user',
    id: randomUUID(),
    userId: null,
    name: 'ada',
    workspaceId,
    role: 'operator',
    address: '',
  };
}
