import { learnFromEvents } from '#server/drift/learn-from-events.ts';
import { Beat } from '#worker/triggers/beat.ts';

const LOOK_MS = 5_000;

/** Learns from events and outputs what flows get, and tells what comes otherwise; of all workers one at a time. */
export class DriftKeeper {
  readonly #beat: Beat;
  #hasMore = false;

  constructor(lookMs: number = LOOK_MS) {
    this.#beat = new Beat({
      what: 'learning from events',
      part: 'drift',
      nextIn: () => (this.#hasMore ? lookMs / 5 : lookMs),
      work: async () => (this.#hasMore = await learnFromEvents()),
    });
  }

  start(): void {
    this.#beat.start();
  }

  /** Resolves once the look under way is through. */
  stop(): Promise<void> {
    return this.#beat.stop();
  }
}
