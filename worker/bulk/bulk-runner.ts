import type pg from 'pg';

import { untilBulkDue } from '#server/sql/bulk-work.ts';
import { Beat } from '#worker/triggers/beat.ts';
import { workBulkBatch } from '#worker/bulk/work-bulk-batch.ts';

/** A new action, or one that goes on, is noticed within this. */
const LOOK_MS = 300;
/** Between two batches: whoever wants to pause the action gets at its row. */
const BREATHE_MS = 10;
/** While what is due is in another worker's hands, or has used up its second. */
const HELD_UP_MS = 20;

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
    if (dueIn === null) return;
    if (dueIn > 0) {
      this.#nextMs = Math.min(LOOK_MS, dueIn);
      return;
    }
    const { items, runs } = await workBulkBatch();
    if (runs > 0) this.#onWoken();
    this.#nextMs = items > 0 ? BREATHE_MS : HELD_UP_MS;
  }
}
