import { log } from '#server/log.ts';

/** How long until the next look. */
interface Pace {
  /** At least so many milliseconds. */
  readonly pauseMs: number;
  /** At least so many times as long as the look took, however much there is to look at. */
  readonly rest: number;
}

export interface Recurrence extends Pace {
  /** One look. Resolves to what is otherwise of the next pause alone. */
  readonly look: () => Promise<Partial<Pace>>;
  /** Of the log. */
  readonly part: string;
  /** What cannot be done when a look fails. Told once, until one succeeds. */
  readonly trouble: string;
}

/** Looks again and again for as long as the process runs; one look at a time, and a failed one ends nothing. */
export class RecurringLook {
  readonly #recurrence: Recurrence;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;
  #isAway = false;

  constructor(recurrence: Recurrence) {
    this.#recurrence = recurrence;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

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
    const { look, pauseMs, rest, part, trouble } = this.#recurrence;
    const begun = performance.now();
    let pace: Pace = { pauseMs, rest };
    try {
      pace = { ...pace, ...(await look()) };
      this.#isAway = false;
    } catch (error) {
      if (!this.#isAway) log.warn({ err: error, part }, `${trouble}; trying again`);
      this.#isAway = true;
    }
    if (this.#isStopped) return;
    const pause = Math.max(pace.pauseMs, (performance.now() - begun) * pace.rest);
    this.#timer = setTimeout(() => this.start(), pause).unref();
  }
}
