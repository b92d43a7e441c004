import { checkLedgers } from '#server/ledger/check-ledgers.ts';
import { log } from '#server/log.ts';

const LOOK_MS = 60_000;
/** After a look that found something new: longer than the worker's reconciler takes to put right what a crash left. */
const AGAIN_MS = 25_000;
/** A look may take a twentieth of the time at most, however many rows there are. */
const REST = 20;

/** Checks the ledgers once a minute for as long as the process runs; all processes together do it once. */
export class LedgerWatch {
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;
  #isAway = false;

  start(): void {
    this.#looking = this.#look();
  }

  /** Resolves when no look is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const begun = performance.now();
    let pause = LOOK_MS;
    try {
      if (await checkLedgers()) pause = AGAIN_MS;
      this.#isAway = false;
    } catch (error) {
      if (!this.#isAway)
        log.warn({ err: error, part: 'ledger' }, 'the ledgers cannot be checked; trying again');
      this.#isAway = true;
    }
    if (this.#isStopped) return;
    const rest = Math.max(pause, (performance.now() - begun) * REST);
    this.#timer = setTimeout(() => this.start(), rest).unref();
  }
}
