/** Work that a loop has begun and does not wait for. None of it rejects. */
export class UnderWay {
  readonly #work = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  get size(): number {
    return this.#work.size;
  }

  /** Aborted when the work is to be given back. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  add(work: Promise<void>): void {
    const noted = work.finally(() => this.#work.delete(noted));
    this.#work.add(noted);
  }

  /** Resolves when none is left; after `graceMs` what is left is told to stop. */
  async end(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#stop.abort(), graceMs);
    await Promise.all(this.#work);
    clearTimeout(timer);
  }
}
