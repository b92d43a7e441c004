import type pg from 'pg';

import { log } from '#server/log.ts';
import { RELEASED_AT_A_TIME, releaseHeld } from '#server/sql/release-held.ts';
import type { DueBoard } from '#worker/due-board.ts';

const LOOK_MS = 500;

export interface ReleaserOptions {
  readonly pool: pg.Pool;
  readonly due: Pick<DueBoard, 'isDue'>;
  /** Runs are due. */
  onReleased(): void;
}

/**
 * Lets steps go that breakers hold back without need: all, some at a time, once their breaker is closed; one, to try, once a
 * pause is over. It goes by the rows alone, so it does not matter who closed a breaker, or whether anybody told.
 */
export class Releaser {
  readonly #options: ReleaserOptions;
  #interval: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: ReleaserOptions) {
    this.#options = options;
  }

  start(): void {
    this.#interval = setInterval(() => void this.#lookWhenHeld(), LOOK_MS);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#interval);
    await this.#looking;
  }

  /** Something may be let go. */
  poke(): void {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
  }

  async #lookWhenHeld(): Promise<void> {
    const isDue = await this.#options.due.isDue('held').catch(() => false);
    if (isDue && !this.#isStopped) this.poke();
  }

  async #look(): Promise<void> {
    try {
      const released = await releaseHeld(this.#options.pool);
      if (released.length === 0) return;
      this.#options.onReleased();
      if (released.length >= RELEASED_AT_A_TIME)
        log.info({ part: 'breaker', runs: released.length }, 'runs that were held back go on');
    } catch (error) {
      log.debug({ err: error, part: 'breaker' }, 'nobody could look after what is held back');
    }
  }
}
