import type pg from 'pg';

import { log } from '#server/log.ts';
import type { ClaimedRun } from '#server/sql/claim-runs.ts';
import { claimSuspect } from '#server/sql/suspects.ts';

const LOOK_MS = 500;
/** After so many looks that found nothing, the ward is not needed. */
const IDLE_LOOKS = 4;

export interface SuspectClaimerOptions {
  readonly pool: pg.Pool;
  readonly workerId: string;
  hasRun(): boolean;
  takeOn(runs: readonly ClaimedRun[]): Promise<void>;
  /** Nothing is left to do. */
  onIdle(): void;
}

/** Takes suspects, one after the other: what a ward does in place of a `Claimer`. */
export class SuspectClaimer {
  readonly #options: SuspectClaimerOptions;
  #timer: NodeJS.Timeout | undefined;
  #claiming: Promise<void> | undefined;
  #isStopped = false;
  #looksInVain = 0;

  constructor(options: SuspectClaimerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.poke(), LOOK_MS);
    this.poke();
  }

  /** Resolves when no claim is under way any more; none follows. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#claiming;
  }

  poke(): void {
    if (this.#isStopped || this.#claiming || this.#options.hasRun()) return;
    this.#claiming = this.#claim().finally(() => (this.#claiming = undefined));
  }

  roomMade(): void {
    this.poke();
  }

  /** Runs that fall due are for others. */
  pokeIn(): void {}

  async #claim(): Promise<void> {
    const { pool, workerId, takeOn, onIdle } = this.#options;
    try {
      const runs = await claimSuspect(pool, workerId);
      this.#looksInVain = runs.length > 0 ? 0 : this.#looksInVain + 1;
      if (runs.length > 0) await takeOn(runs);
      else if (this.#looksInVain >= IDLE_LOOKS) onIdle();
    } catch (error) {
      // The next look tries again.
      log.debug({ err: error, part: 'ward' }, 'no suspect can be claimed; trying again');
    }
  }
}
