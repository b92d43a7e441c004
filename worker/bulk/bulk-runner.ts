import type pg from 'pg';

import { untilBulkDue } from '#server/sql/bulk-work.ts';
import type { DueBoard } from '#worker/due-board.ts';
import { Beat } from '#worker/triggers/beat.ts';
import { workBulkBatch } from '#worker/bulk/work-bulk-batch.ts';

/** A new action, or one that goes on, is noticed about so long after the look that tells of it. */
const LOOK_MS = 300;
/** Between two batches: whoever wants to pause the action gets at its row. */
const BREATHE_MS = 10;
/** While what is due is in another worker's hands, or has used up its second. */
const HELD_UP_MS = 20;

export interface BulkRunnerOptions {
  readonly pool: pg.Pool;
  readonly due: Pick<DueBoard, 'until'>;
  /** Runs were started or resumed. */
  onWoken(): void;
}

/** Carries bulk actions out. Every worker has one; an action is in the hands of one worker at a time, batch by batch. */
export class BulkRunner {
  readonly #options: BulkRunnerOptions;
  readonly #beat: Beat;
  #nextMs = LOOK_MS;

  constructor(options: BulkRunnerOptions) {
    this.#options = options;
    this.#beat = new Beat({
      what: 'carrying out bulk actions',
      part: 'bulk',
      nextIn: () => this.#nextMs,
      work: () => this.#work(),
    });
  }

  start(): void {
    this.#beat.start();
  }

  /** Resolves when the batch in hand is committed; another worker goes on. */
  stop(): Promise<void> {
    return this.#beat.stop();
  }

  async #work(): Promise<void> {
    this.#nextMs = LOOK_MS;
    const { pool, due, onWoken } = this.#options;
    if ((await due.until('bulkActions')) > LOOK_MS) return;
    const dueIn = await untilBulkDue(pool);
    if (dueIn === null) return;
    if (dueIn > 0) {
      this.#nextMs = Math.min(LOOK_MS, dueIn);
      return;
    }
    const { items, runs } = await workBulkBatch();
    if (runs > 0) onWoken();
    this.#nextMs = items > 0 ? BREATHE_MS : HELD_UP_MS;
  }
}
