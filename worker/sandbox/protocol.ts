/** What the worker writes to a child: one line of JSON for each job, one job at a time. */
export interface JobMessage {
  readonly code: string;
  /** JSON text. */
  readonly input: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

/** How a job ended inside the child. */
export type JobOutcome =
  | { readonly kind: 'done'; /** JSON text. */ readonly output: string }
  | { readonly kind: 'threw'; readonly thrown: ThrownError }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'memory' };

export type RefusalCode = 'code_result' | 'code_output_too_large';

/** What the code threw, with places of the person's own text. */
export interface ThrownError {
  /** Empty when something other than an error was thrown. */
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** What a child writes: lines of JSON. */
export type ChildMessage =
  | { readonly type: 'ready' }
  /** It has the job, and is about to run it. */
  | { readonly type: 'begun' }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'outcome'; readonly outcome: JobOutcome };

/** Collects bytes into lines of UTF-8; gives up, by calling `onFlood`, on a line longer than `maxBytes`. */
export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #onFlood: () => void;
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(options: { maxBytes: number; onLine: (line: string) => void; onFlood: () => void }) {
    this.#maxBytes = options.maxBytes;
    this.#onLine = options.onLine;
    this.#onFlood = options.onFlood;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
      const line = Buffer.concat([...this.#chunks, rest.subarray(0, end)]).toString('utf8');
      this.#chunks = [];
      this.#bytes = 0;
      rest = rest.subarray(end + 1);
      this.#onLine(line);
    }
    if (rest.length === 0) return;
    this.#chunks.push(rest);
    this.#bytes += rest.length;
    if (this.#bytes > this.#maxBytes) this.#onFlood();
  }
}
