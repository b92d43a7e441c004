import type pg from 'pg';

import type { BreakerPlace } from '#server/sql/breakers.ts';
import { selectUsable } from '#server/sql/usable-connections.ts';
import { Beat } from '#worker/triggers/beat.ts';

const LOOK_MS = 500;

export interface ReconnectionsOptions {
  readonly pool: pg.Pool;
  /** The connections that steps of the runs in hand wait for. */
  parked(): readonly BreakerPlace[];
  /** These can be used again. */
  onUsable(places: readonly BreakerPlace[]): void;
}

/** Looks after runs in hand of which a step waits for a connection while others go on; the rest are found by their rows. */
export class Reconnections {
  readonly #options: ReconnectionsOptions;
  readonly #beat: Beat;

  constructor(options: ReconnectionsOptions) {
    this.#options = options;
    const work = () => this.#look();
    this.#beat = new Beat({
      what: 'looking for reconnected accounts',
      part: 'connection',
      nextIn: () => LOOK_MS,
      work,
    });
  }

  start(): void {
    this.#beat.start();
  }

  stop(): Promise<void> {
    return this.#beat.stop();
  }

  async #look(): Promise<void> {
    const usable = await selectUsable(this.#options.pool, this.#options.parked());
    if (usable.length > 0) this.#options.onUsable(usable);
  }
}
