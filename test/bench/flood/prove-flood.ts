import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import type pg from 'pg';

import { percentile } from '#test/faults/percentile.ts';
import { waitFor } from '#test/support/wait-for.ts';

import type { Attack, AttackReport } from './attack.ts';
import { startCleanClient } from './clean-client.ts';
import { watchMemory, type Memory } from './memory-watch.ts';

export interface FloodProof {
  readonly db: pg.Pool;
  readonly webPid: number;
  readonly workerPid: number;
  readonly attack: Attack;
  /** Where the clean client sends: the hook of another flow. */
  readonly cleanUrl: string;
  /** How long all accepted events may take to run after the last reply. */
  readonly settleMs: number;
}

interface Times {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** What was sent, what was answered, what it took. All is well when `faults` is empty. */
export interface FloodReport extends Omit<AttackReport, 'runIds' | 'refusalMs'> {
  readonly accepted: number;
  readonly refusalMs: Times;
  readonly clean: { readonly replies: Readonly<Record<string, number>>; readonly ms: Times };
  /** Mebibytes. */
  readonly web: Memory;
  readonly worker: Memory;
  /** Accepted events, of whomever, whose run did not succeed. */
  readonly lost: number;
  readonly faults: readonly string[];
}

/** Mebibytes that no process may pass. */
const MAX_MEMORY = 512;
const CLEAN_PER_SECOND = 5;
/** The clean client begins before the flood and goes on after it. */
const QUIET_MS = 1_000;

/** Floods a hook beside a clean client and measures what it does to web process, worker and client. */
export async function proveFlood(proof: FloodProof): Promise<FloodReport> {
  const { db, attack, webPid, workerPid } = proof;
  const [web, worker] = [await watchMemory(webPid), await watchMemory(workerPid)];
  const client = startCleanClient(proof.cleanUrl, CLEAN_PER_SECOND);
  await sleep(QUIET_MS);
  const { runIds, refusalMs, ...sent } = await runAttack(attack);
  await sleep(QUIET_MS);
  const clean = await client.end();
  const lost = await countLost(db, [...runIds, ...clean.runIds], proof.settleMs);
  const memory = { web: await web.end(), worker: await worker.end() };
  const report = {
    ...sent,
    accepted: runIds.length,
    refusalMs: timesOf(refusalMs),
    clean: { replies: clean.replies, ms: timesOf(clean.ms) },
    ...memory,
    lost,
  };
  return { ...report, faults: faultsOf(report) };
}

function runAttack(attack: Attack): Promise<AttackReport> {
  return new Promise((done, fail) => {
    const thread = new Worker(new URL('./attack.ts', import.meta.url), { workerData: attack });
    thread.once('message', done).once('error', fail);
    thread.once('exit', (code) => fail(new Error(`The attack ended without a report (${code})`)));
  });
}

/** Waits until every accepted event's run succeeded; what is missing after that is lost. */
async function countLost(db: pg.Pool, runIds: readonly string[], settleMs: number): Promise<number> {
  const missing = async () => {
    const { rows } = await db.query<{ count: number }>(
      `select count(*)::int as count from unnest($1::uuid[]) as accepted(id)
       where not exists (select from run where run.id = accepted.id and status = 'succeeded')`,
      [runIds],
    );
    return rows[0]!.count;
  };
  return waitFor('all accepted events to run', async () => (await missing()) === 0, settleMs).then(
    () => 0,
    missing,
  );
}

function timesOf(ms: readonly number[]): Times {
  const at = (percent: number) => (ms.length > 0 ? Math.round(percentile(ms, percent)) : 0);
  return { p50: at(50), p95: at(95), max: at(100) };
}

function faultsOf(report: Omit<FloodReport, 'faults'>): string[] {
  const { web, worker, clean, replies, lost } = report;
  const odd = (counts: Readonly<Record<string, number>>, allowed: readonly string[]) =>
    Object.keys(counts).filter((status) => !allowed.includes(status));
  return [
    ...(web.peak > MAX_MEMORY ? [`the web process took ${web.peak} MiB`] : []),
    ...(worker.peak > MAX_MEMORY ? [`the worker took ${worker.peak} MiB`] : []),
    ...odd(clean.replies, ['202']).map((status) => `the clean client was answered ${status}`),
    ...odd(replies, ['202', '413', '429', '503']).map((status) => `a large body was answered ${status}`),
    ...(lost > 0 ? [`${lost} accepted events did not run`] : []),
  ];
}
