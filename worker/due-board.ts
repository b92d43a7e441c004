import type pg from 'pg';

import { readDueWork, type DueTimes, type DueWork } from '#server/sql/due-work.ts';

/** What one look found serves all who ask within this. */
const KEPT_MS = 400;

export interface DueBoardOptions {
  readonly pool: pg.Pool;
  readonly workerId: string;
  /** Milliseconds since 1970, by the database's clock. */
  now(): number;
}

/**
 * Tells those who look for work again and again whether there may be some, so that they ask the database one question together
 * instead of one each. What came since the last look is told by the next. It rejects while the database is away.
 */
export class DueBoard {
  readonly #options: DueBoardOptions;
  #lookedAt = -Infinity;
  #found: Promise<DueTimes> | undefined;

  constructor(options: DueBoardOptions) {
    this.#options = options;
  }

  /** Milliseconds until there is some: 0 when there may be now, infinity for never. */
  async until(work: DueWork): Promise<number> {
    const at = (await this.#look())[work];
    return at === null ? Infinity : Math.max(0, at - this.#options.now());
  }

  /** False when there is surely none to do, as of the last look. */
  async isDue(work: DueWork): Promise<boolean> {
    return (await this.until(work)) === 0;
  }

  #look(): Promise<DueTimes> {
    const now = performance.now();
    if (this.#found && now - this.#lookedAt < KEPT_MS) return this.#found;
    this.#lookedAt = now;
    const { pool, workerId } = this.#options;
    const found = readDueWork(pool, workerId);
    this.#found = found;
    // The next who asks tries again.
    found.catch(() => {
      if (this.#found === found) this.#found = undefined;
    });
    return found;
  }
}
