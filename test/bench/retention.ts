/**
 * npm run retention: fills a passing database, durable as any, with runs of the last months, and measures how long retention takes to
 * say what would go and to remove a day. JSON lines; after each day the ledger must add up.
 *
 * --runs N (default 200000), --days N (6) over which they are spread
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { inClientTransaction } from '#server/db/client-transaction.ts';
import { startEmbeddedPostgres } from '#server/db/embedded.ts';
import { applyMigrations } from '#server/db/migrate.ts';
import { closePool, pool } from '#server/db/pool.ts';
import { selectLedger } from '#server/sql/select-ledger.ts';
import { findOldestDay, removeDayOfRuns } from '#server/sql/remove-runs.ts';
import { previewRetention } from '#server/sql/retention-rows.ts';

import { fillHistory, makeHistoryFlows } from './history/fill-history.ts';

const DAY_MS = 86_400_000;
const KEPT_DAYS = 30;
const MEASURED_DAYS = 3;

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '200000' }, days: { type: 'string', default: '6' } },
});
const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-retention-'));
const server = await startEmbeddedPostgres({ dataDir });
try {
  await applyMigrations(server.url);
  process.env['DATABASE_URL'] = server.url;
  await measure(Number(values.runs), Number(values.days));
} finally {
  await closePool();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function measure(runs: number, days: number): Promise<void> {
  const workspaceId = await fill(runs, days);
  const old = { workspaceId, ended: 'succeeded', days: KEPT_DAYS } as const;
  const asked = { succeededDays: KEPT_DAYS, failedDays: KEPT_DAYS, quarantineDays: null, auditDays: null };
  say('preview', await timed(() => previewRetention(pool(), workspaceId, asked)));
  for (let count = 0; count < Math.min(days, MEASURED_DAYS); count += 1) {
    const day = await inClientTransaction((client) => findOldestDay(client, old));
    if (day === null) return;
    const removed = await timed(() =>
      inClientTransaction((client) => removeDayOfRuns(client, old, { day, limit: runs })),
    );
    say('day', { day, ...removed, drift: await drift(workspaceId) });
  }
}

async function fill(runs: number, days: number): Promise<string> {
  const workspaceId = randomUUID();
  await pool().query('insert into workspace (id, slug, name) values ($1, $2, $2)', [workspaceId, 'history']);
  const of = await makeHistoryFlows(pool(), { workspaceId, flows: 20 });
  const to = Date.now() - 2 * KEPT_DAYS * DAY_MS;
  const nodes = ['hook', 'map', 'post'];
  await fillHistory(pool(), { workspaceId, flows: of.length, runs, from: to - days * DAY_MS, to, nodes, of });
  await pool().query('vacuum analyze');
  return workspaceId;
}

/** What was accepted less what is there and what was removed; 0, or retention loses count. */
async function drift(workspaceId: string): Promise<number> {
  const lines = await inClientTransaction((client) => selectLedger(client, workspaceId));
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return sum(lines.map((line) => line.accepted - sum(Object.values(line.runs)) - line.removed));
}

async function timed<T extends object>(work: () => Promise<T>): Promise<T & { milliseconds: number }> {
  const begun = performance.now();
  const result = await work();
  return { ...result, milliseconds: Math.round(performance.now() - begun) };
}

function say(scenario: string, found: object): void {
  process.stdout.write(`${JSON.stringify({ scenario, ...found })}\n`);
}
