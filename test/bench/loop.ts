/**
 * npm run loop-proof: a loop with a call for each item, on a real worker, killed in the middle and gone on with. One JSON
 * line: how long it took, how much memory the worker used at most, and what was called twice. Uses the server in
 * PATCHBAY_TEST_POSTGRES, else starts one of its own.
 *
 * --items N (default 10000)   items of the list
 * --concurrency N (50)        items at a time
 * --kills N (1)               how often the worker is killed on the way
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

import type pg from 'pg';

import { createPool } from '#server/db/pool.ts';
import { createTestDatabase } from '#test/support/database.ts';
import setUp from '#test/support/global-setup.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { publishFlow, storeRuns } from '#test/worker/test-flow.ts';
import { endChild, spawnWorker } from '#test/worker/worker-process.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '10000' },
    concurrency: { type: 'string', default: '50' },
    kills: { type: 'string', default: '1' },
  },
});

await main();

async function main(): Promise<void> {
  const [items, concurrency, kills] = [values.items, values.concurrency, values.kills].map(Number) as [
    number,
    number,
    number,
  ];
  const tearDown = await setUp();
  const database = await createTestDatabase();
  const db = createPool(database.url, { max: 2 });
  const farEnd = await startCounter();
  try {
    const runId = await prepare(db, { items, concurrency, url: farEnd.url });
    const report = await drive({ db, databaseUrl: database.url, runId, farEnd, items, kills });
    process.stdout.write(`${JSON.stringify({ items, concurrency, kills, ...report })}\n`);
    process.exitCode = report.status === 'succeeded' && report.repeatedAfterCommit === 0 ? 0 : 1;
  } finally {
    farEnd.stop();
    await db.end();
    await database.drop();
    await tearDown();
  }
}

interface Counter {
  readonly url: string;
  /** The numbers of the calls, from 1, by idempotency key. */
  readonly calls: ReadonlyMap<string, readonly number[]>;
  count(): number;
  /** How often a key was called after the call with this number. */
  callsSince(key: string, number: number): number;
  stop(): void;
}

async function startCounter(): Promise<Counter> {
  const calls = new Map<string, number[]>();
  let count = 0;
  const server = createServer((request, response) => {
    const key = String(request.headers['idempotency-key']);
    const times = calls.get(key) ?? [];
    calls.set(key, times);
    times.push((count += 1));
    request.resume();
    request.on('end', () =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'),
    );
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  const callsSince = (key: string, number: number) =>
    (calls.get(key) ?? []).filter((each) => each > number).length;
  return { url: `http://127.0.0.1:${port}/items`, calls, count: () => count, callsSince, stop };
}

async function prepare(
  db: pg.Pool,
  { items, concurrency, url }: { items: number; concurrency: number; url: string },
): Promise<string> {
  const workspaceId = randomUUID();
  await db.query("insert into workspace (id, slug, name) values ($1, 'test', 'test')", [workspaceId]);
  const flow = await publishFlow(
    { db, workspaceId },
    {
      nodes: [
        { id: 'start', type: 'core.manual' },
        { id: 'loop', type: 'core.each', config: { items: { $expr: 'trigger.body' }, concurrency } },
        {
          id: 'call',
          type: 'http.request',
          parent: 'loop',
          config: { method: 'POST', url, body: { n: { $expr: 'item' } } },
        },
      ],
      edges: 'start>loop',
    },
  );
  const list = Array.from({ length: items }, (_, n) => n);
  const [runId] = await storeRuns({ db, workspaceId }, flow, [list]);
  return runId!;
}

interface Job {
  readonly db: pg.Pool;
  readonly databaseUrl: string;
  readonly runId: string;
  readonly farEnd: Counter;
  readonly items: number;
  readonly kills: number;
}

async function drive({ db, databaseUrl, runId, farEnd, items, kills }: Job) {
  const fixture = { databaseUrl, secretKey: randomBytes(32).toString('base64') };
  const children = new Set<ChildProcess>();
  const began = performance.now();
  let peakMegabytes = 0;
  let repeatedAfterCommit = 0;
  for (let life = 0; life <= kills; life++) {
    const worker = await spawnWorker(fixture, { env: { LOG_LEVEL: 'warn' }, children });
    const before = await committedKeys(db, runId);
    const goal = life < kills ? ((life + 1) / (kills + 1)) * items : Infinity;
    const calls = farEnd.count();
    const isThere = async () => {
      peakMegabytes = Math.max(peakMegabytes, await peakMemory(worker.pid));
      return farEnd.calls.size >= goal || (await hasEnded(db, runId));
    };
    await waitFor('the worker to get so far', isThere, 900_000);
    repeatedAfterCommit += [...before].filter((key) => farEnd.callsSince(key, calls) > 0).length;
    if (life < kills) worker.signal('SIGKILL');
    if (life < kills) await worker.ended;
  }
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all([...children].map(endChild));
  const called = [...farEnd.calls.values()];
  const { rows } = await db.query<{ status: string }>('select status from run where id = $1', [runId]);
  return {
    status: rows[0]!.status,
    seconds: Number(seconds.toFixed(1)),
    itemsPerSecond: Math.round(items / seconds),
    peakMegabytes: Math.round(peakMegabytes),
    called: called.length,
    repeatedInFlight: called.filter((times) => times.length > 1).length,
    repeatedAfterCommit,
  };
}

/** Idempotency keys of the items whose call is on record as done. */
async function committedKeys(db: pg.Pool, runId: string): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ key: string }>(
    "select key from step where run_id = $1 and node_id = 'call' and status = 'succeeded'",
    [runId],
  );
  return new Set(rows.map(({ key }) => idempotencyKey(runId, 'call', key)));
}

async function hasEnded(db: pg.Pool, runId: string): Promise<boolean> {
  const { rowCount } = await db.query('select from run where id = $1 and finished_at is not null', [runId]);
  return rowCount === 1;
}

/** The most memory that the process held so far, in MB. */
async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024;
}
