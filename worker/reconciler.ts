import type pg from 'pg';

import { log } from '#server/log.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { forgetCaptures } from '#server/sql/captures.ts';
import { wakeForgottenLines } from '#server/sql/lines.ts';
import {
  buryWorkers,
  findDeadWorkers,
  findOverdue,
  freeOrphans,
  freeStrays,
} from '#server/sql/worker-rows.ts';
import type { DueBoard } from '#worker/due-board.ts';

const LOOK_MS = 1_000;
const SWEEP_MS = 15_000;

export interface ReconcilerOptions {
  readonly pool: pg.Pool;
  readonly due: Pick<DueBoard, 'isDue'>;
  readonly workerId: string;
  /** Ids of the runs that this worker has in hand. */
  inHand(): readonly string[];
  /** Runs were freed. */
  onFreed(): void;
}

/**
 * Puts right what crashes leave behind. Every second: runs of workers that died are freed. At the start and every
 * 15 s: runs held by nobody who exists, runs that this worker holds without knowing, and due runs without a wake-up. Then captured
 * events that nobody took are forgotten.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  #timers: NodeJS.Timeout[] = [];
  #isStopped = false;
  #working: Promise<void> = Promise.resolve();
  /** Runs that looked forgotten at the last sweep: being claimed just now looks the same. */
  #strays: ReadonlySet<string> = new Set();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.#do(() => this.#bury()), LOOK_MS),
      setInterval(() => this.#do(() => this.#sweep()), SWEEP_MS),
    ];
    this.#do(() => this.#bury());
    this.#do(() => this.#sweep());
  }

  /** Sweeps twice, a second apart: what two looks find forgotten is freed. */
  sweepSoon(): void {
    this.#do(() => this.#sweep());
    setTimeout(() => this.#do(() => this.#sweep()), LOOK_MS).unref();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timers.forEach((timer) => clearInterval(timer));
    await this.#working;
  }

  /** One thing after the other; a database that is away is no news here. */
  #do(work: () => Promise<void>): void {
    if (this.#isStopped) return;
    this.#working = this.#working
      .then(work)
      .catch((error: unknown) => log.debug({ err: error, part: 'reconciler' }, 'a check was not made'));
  }

  async #bury(): Promise<void> {
    const { pool, due, workerId, onFreed } = this.#options;
    if (!(await due.isDue('deadWorkers'))) return;
    const dead = await findDeadWorkers(pool, workerId);
    if (dead.length === 0) return;
    const freed = await buryWorkers(pool, dead);
    log.warn(
      { part: 'reconciler', workers: dead, runs: freed.length },
      'workers died; their runs go on here',
    );
    onFreed();
  }

  async #sweep(): Promise<void> {
    const { pool, workerId, inHand, onFreed } = this.#options;
    const orphans = await freeOrphans(pool);
    const strays = await freeStrays(pool, { workerId, inHand: inHand(), seenBefore: this.#strays });
    this.#strays = strays.seen;
    if (orphans.length + strays.freed.length > 0) {
      log.warn(
        { part: 'reconciler', runs: [...orphans, ...strays.freed] },
        'runs that nobody held were freed',
      );
      onFreed();
    }
    const overdue = [...(await findOverdue(pool, 500)), ...(await wakeForgottenLines(pool))];
    if (overdue.length > 0) await wakeRuns(pool, overdue);
    await forgetCaptures(pool);
  }
}
