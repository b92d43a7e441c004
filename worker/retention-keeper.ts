import { setTimeout as sleep } from 'node:timers/promises';

import { pool } from '#server/db/pool.ts';
import { removeOld } from '#server/retention/remove-old.ts';
import { takeDueRetention } from '#server/sql/retention-rows.ts';
import { Beat } from '#worker/triggers/beat.ts';

const LOOK_MS = 30_000;

/** Removes what workspaces keep no longer; of all workers one at a time minds a workspace, once an hour. */
export class RetentionKeeper {
  readonly #stopping = new AbortController();
  readonly #beat: Beat;

  constructor(lookMs: number = LOOK_MS) {
    this.#beat = new Beat({
      what: 'removing old runs',
      part: 'retention',
      nextIn: () => lookMs,
      work: () => this.#look(),
    });
  }

  start(): void {
    this.#beat.start();
  }

  /** Resolves once the statement under way is through. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#beat.stop();
  }

  async #look(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const due = await takeDueRetention(pool());
      if (!due) return;
      await removeOld(due, { pause: (tookMs) => this.#rest(tookMs) });
    }
  }

  /** As long again as it took, so that the database has half of its time for all else. */
  async #rest(tookMs: number): Promise<boolean> {
    await sleep(tookMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    return !this.#stopping.signal.aborted;
  }
}
