import type pg from 'pg';

import { log } from '#server/log.ts';
import { tellEnds } from '#server/runs/tell-end.ts';
import type { DueBoard } from '#worker/due-board.ts';

/** Ends that a crash left untold, by whichever worker, are found about so often. */
const LOOK_MS = 1_000;
/** After a look, the next waits so long: what ended meanwhile is told together. */
const GATHER_MS = 20;

export interface EndTellerOptions {
  readonly pool: pg.Pool;
  readonly due: Pick<DueBoard, 'isDue'>;
  /** Runs were woken: callers, failure flows, the next in line. */
  onWoken(): void;
}

/** Tells the ends of runs: of this worker's as they happen, and once a second of all that are due. One look at a time. */
export class EndTeller {
  readonly #options: EndTellerOptions;
  #interval: NodeJS.Timeout | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #telling: Promise<void> | undefined;
  #isPoked = false;
  #isStopped = false;
  #isAway = false;

  constructor(options: EndTellerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#interval = setInterval(() => void this.#lookForLeft(), LOOK_MS);
    this.poke();
  }

  /** Tells what is due so far, then nothing more. */
  async stop(): Promise<void> {
    clearInterval(this.#interval);
    clearTimeout(this.#gathering);
    await this.#telling;
    this.#isStopped = true;
    if (this.#isPoked) await this.#tell();
  }

  /** A run ended. */
  poke(): void {
    this.#isPoked = true;
    if (this.#isStopped || this.#telling || this.#gathering) return;
    this.#telling = this.#tell().finally(() => {
      this.#telling = undefined;
      this.#gathering = setTimeout(() => {
        this.#gathering = undefined;
        if (this.#isPoked) this.poke();
      }, GATHER_MS);
    });
  }

  /** Where nobody can say whether ends are due, telling them says what is the matter. */
  async #lookForLeft(): Promise<void> {
    if (await this.#options.due.isDue('ends').catch(() => true)) this.poke();
  }

  async #tell(): Promise<void> {
    this.#isPoked = false;
    try {
      const told = await tellEnds(this.#options.pool);
      this.#isAway = false;
      if (told.isMore) this.#isPoked = true;
      if (told.woken.length > 0) this.#options.onWoken();
    } catch (error) {
      // The next look tries again.
      if (!this.#isAway)
        log.warn({ err: error, part: 'worker' }, 'ends of runs cannot be told; trying again');
      this.#isAway = true;
    }
  }
}
