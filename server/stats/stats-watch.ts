import { log } from '#server/log.ts';
import { countStats } from '#server/stats/count-stats.ts';

const COUNT_MS = 5_000;
/** Counting may take a twentieth of the time at most, however much there is to count. */
const REST = 20;
/** Between the parts of a past that was never counted: it is not urgent, but somebody may look at it. */
const PAST_REST = 1;

/** Counts the statistics every few seconds for as long as the process runs; all web processes together do it once. */
export class StatsWatch {
  #timer: NodeJS.Timeout | undefined;
  #counting: Promise<void> = Promise.resolve();
  #isStopped = false;
  #isAway = false;

  start(): void {
    this.#counting = this.#count();
  }

  /** Resolves when nothing is being counted any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#counting;
  }

  async #count(): Promise<void> {
    const begun = performance.now();
    let isPast = false;
    try {
      isPast = (await countStats()).isMore;
      this.#isAway = false;
    } catch (error) {
      if (!this.#isAway)
        log.warn({ err: error, part: 'stats' }, 'the statistics cannot be counted; trying again');
      this.#isAway = true;
    }
    if (this.#isStopped) return;
    const took = performance.now() - begun;
    const rest = isPast ? took * PAST_REST : Math.max(COUNT_MS, took * REST);
    this.#timer = setTimeout(() => this.start(), rest).unref();
  }
}
