import { log } from '#server/log.ts';

export interface BeatOptions {
  /** What it does, for the log. */
  readonly what: string;
  /** Of the worker, for the log. Default `triggers`. */
  readonly part?: string;
  /** Milliseconds until the next look. */
  nextIn(): number;
  work(): Promise<unknown>;
}

/** Does a thing again and again, never twice at a time. A failure, such as a database that is away, is left to the next time. */
export class Beat {
  readonly #options: BeatOptions;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #isStopped = false;
  #hasFailed = false;

  constructor(options: BeatOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#working = this.#once().then(() => this.start());
    }, this.#options.nextIn());
  }

  /** Resolves when what is under way is done; nothing follows. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  async #once(): Promise<void> {
    try {
      await this.#options.work();
      this.#hasFailed = false;
    } catch (error) {
      const { what, part = 'triggers' } = this.#options;
      log[this.#hasFailed ? 'debug' : 'warn']({ err: error, part }, `${what} failed; trying again`);
      this.#hasFailed = true;
    }
  }
}
