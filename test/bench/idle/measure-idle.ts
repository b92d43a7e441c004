import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { startProduct, type Product } from '#test/support/product.ts';

import { startFarEnd, type FarEnd } from '../far-end.ts';
import { describeMachine } from '../report.ts';
import { copyWaiting } from './copy-waiting.ts';
import { countWaiting, fillIdle } from './fill-idle.ts';
import { parentOf, processorSeconds } from './processor-time.ts';

/** Of one core. */
const AIM_PERCENT = 2;
/** After the filling, what is learned, counted, checked and tidied of it once is over. */
const SETTLE_SECONDS = 130;
/** So many of the waiting runs fall due at the end. */
const WOKEN = 200;
const WOKEN_WITHIN_MS = 120_000;

export interface IdleOptions {
  readonly flows: number;
  readonly waiting: number;
  readonly seconds: number;
}

/**
 * Processor time of the product while nothing happens, with many flows on the air and many runs that wait. At the end some of those runs
 * fall due, and each must go on, once. Resolves to true when that was so.
 */
export async function measureIdle(
  { flows, waiting, seconds }: IdleOptions,
  say: (line: object) => void,
): Promise<boolean> {
  const farEnd = await startFarEnd();
  const product = await startProduct({ durable: true });
  const db = new pg.Client(product.databaseUrl);
  try {
    await db.connect();
    await fillIdle({ product, db, farEndUrl: farEnd.url }, { flows, waiting: waiting - WOKEN });
    await db.query('vacuum analyze');
    // What was filled in is written out now, and not in the minute that counts.
    await db.query('checkpoint');
    const due = (SETTLE_SECONDS + seconds) * 1.1;
    const dueIds = await copyWaiting(db, { count: WOKEN, dueInSeconds: due });
    await sleep(SETTLE_SECONDS * 1_000);
    const there = await countWaiting(db);
    const used = await usedWithin(await partsOf(product, db), seconds);
    const wakeBy = due * 1_000 + WOKEN_WITHIN_MS;
    const woken = await wake(farEnd, dueIds, wakeBy);
    say({
      scenario: 'idle',
      flows,
      waiting: there,
      seconds,
      ...used,
      aimPercent: AIM_PERCENT,
      isWithin: used.percentOfACore <= AIM_PERCENT,
      ...woken,
      machine: describeMachine(),
    });
    return woken.lost + woken.duplicated === 0;
  } finally {
    await db.end();
    await product.stop();
    await farEnd.stop();
  }
}

/** All processes of the product, by what they are. */
async function partsOf(product: Product, db: pg.Client): Promise<ReadonlyMap<number, string>> {
  const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
  return new Map([
    [product.pid, 'supervisor'],
    [await product.webPid(), 'web'],
    ...(await product.workerPids()).map((pid) => [pid, 'worker'] as const),
    [await parentOf(rows[0]!.pid), 'postgres'],
  ]);
}

interface Used {
  readonly percentOfACore: number;
  /** Of which so much for each part. */
  readonly parts: Readonly<Record<string, number>>;
}

async function usedWithin(parts: ReadonlyMap<number, string>, seconds: number): Promise<Used> {
  const before = await processorSeconds(parts);
  const begun = performance.now();
  await sleep(seconds * 1_000);
  const after = await processorSeconds(parts);
  const lasted = (performance.now() - begun) / 1_000;
  const percent = (used: number) => Math.round((used / lasted) * 10_000) / 100;
  const used = Object.entries(after).map(([name, time]) => [name, time - before[name]!] as const);
  return {
    percentOfACore: percent(used.reduce((sum, [, time]) => sum + time, 0)),
    parts: Object.fromEntries(used.map(([name, time]) => [name, percent(time)])),
  };
}

async function wake(
  farEnd: FarEnd,
  ids: ReadonlySet<string>,
  timeoutMs: number,
): Promise<{ readonly woken: number; readonly lost: number; readonly duplicated: number }> {
  await farEnd.waitFor(ids.size, timeoutMs);
  const arrivals = [...ids].map((id) => farEnd.arrivals.get(id)?.length ?? 0);
  const woken = arrivals.filter((count) => count > 0).length;
  const all = [...farEnd.arrivals.values()].reduce((sum, times) => sum + times.length, 0);
  return { woken, lost: ids.size - woken, duplicated: all - woken };
}
