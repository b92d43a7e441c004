const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Lets one loop sleep until something happens. What happens while it is awake is remembered, so nothing is missed. */
export class WakeSignal {
  #isFired = false;
  #resolve: (() => void) | undefined;

  fire(): void {
    this.#isFired = true;
    this.#resolve?.();
  }

  /** Resolves at the next `fire`, at once if there was one since the last wait, or after `ms`. */
  async wait(ms: number): Promise<void> {
    if (!this.#isFired && ms > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#resolve = resolve;
      const timer = Number.isFinite(ms) ? setTimeout(resolve, Math.min(ms, LONGEST_TIMER_MS)) : undefined;
      await promise;
      clearTimeout(timer);
      this.#resolve = undefined;
    }
    this.#isFired = false;
  }
}
