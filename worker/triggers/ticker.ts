import type pg from 'pg';

import { isAnyScheduleDue } from '#server/sql/due-schedules.ts';
import type { DueBoard } from '#worker/due-board.ts';
import { Beat } from '#worker/triggers/beat.ts';
import { fireDueSchedules } from '#worker/triggers/fire-schedules.ts';

/** Planned times are whole minutes: a look just after each second meets them at once. */
const LOOK_MS = 1_000;
const LATE_MS = 5;

export interface TickerOptions {
  readonly pool: pg.Pool;
  readonly due: Pick<DueBoard, 'isDue'>;
  /** Milliseconds since 1970, by the database's clock. */
  now(): number;
}

/** Starts the runs of schedules at their time. Every worker has one; each tick is fired by one of them, once. */
export class Ticker {
  readonly #options: TickerOptions;
  readonly #beat: Beat;

  constructor(options: TickerOptions) {
    this.#options = options;
    this.#beat = new Beat({
      what: 'firing schedules',
      nextIn: () => LOOK_MS - (options.now() % LOOK_MS) + LATE_MS,
      work: () => this.#look(),
    });
  }

  start(): void {
    this.#beat.start();
  }

  stop(): Promise<void> {
    return this.#beat.stop();
  }

  async #look(): Promise<void> {
    if (!(await this.#options.due.isDue('schedules'))) return;
    const now = new Date(this.#options.now());
    if (await isAnyScheduleDue(this.#options.pool, now)) await fireDueSchedules(now);
  }
}
