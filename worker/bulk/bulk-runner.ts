import type pg from 'pg';

import { untilBulkDue } from '#server/sql/bulk-work.ts';
import { Beat } from '#worker/triggers/beat.ts';
import { workBulkBatch } from '#worker/bulk/work-bulk-batch.ts';

/** A new action, or one that goes on, is noticed within this. */
const LOOK_MS = 300;
/** Between two batches: whoever wants to pause the action gets at its row. */
const BREATHE_MS = 10;

/** Carries bulk actions out. Every worker has one; an action is in the hands of one worker at a time, batch by batch. */
export class BulkRunner {
  readonly #pool: pg.Pool;
  readonly #onWoken: () => void;
  readonly #beat: Beat;
  #nextMs = LOOK_MS;

  /** @param onWoken called when runs were started or resumed. */
  constructor(pool: pg.Pool, onWoken: () => void) {
    this.#pool = pool;
    this.#onWoken = onWoken;
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
    const dueIn = await untilBulkDue(this.#pool);
    if (dueIn !== null && dueIn <= 0) {
      const changed = await workBulkBatch();
      if (changed > 0) this.#onWoken();
    }
    if (dueIn !== null) this.#nextMs = Math.min(LOOK_MS, Math.max(BREATHE_MS, dueIn));
  }
}
