/** What one step may keep; a thousand lines are more than anybody reads. */
export const MAX_LINES = 1_000;
export const MAX_BYTES = 64 * 1_024;

/** The lines that one attempt logs: the first ones, up to both limits, then one that says that the rest is missing. */
export class StepLog {
  readonly #lines: string[] = [];
  #bytes = 0;
  #isFull = false;

  get kept(): readonly string[] {
    return this.#lines;
  }

  add(line: string): void {
    if (this.#isFull) return;
    this.#bytes += Buffer.byteLength(line);
    this.#isFull = this.#lines.length >= MAX_LINES || this.#bytes > MAX_BYTES;
    this.#lines.push(this.#isFull ? TOO_MUCH : line);
  }
}

const TOO_MUCH = `More was logged; a step keeps ${MAX_LINES} lines or ${MAX_BYTES / 1_024} kB.`;
