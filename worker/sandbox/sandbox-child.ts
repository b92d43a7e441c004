import { childMessageSchema } from './child-message.ts';
import { SANDBOX_LIMITS } from './limits.ts';
import { LineReader, type JobMessage, type JobOutcome } from './protocol.ts';
import { residentMemory } from './resident-memory.ts';
import { spawnChild, type ChildStdio } from './spawn-child.ts';

/** How long a child may take to be ready, on a machine that has much else to do. */
const START_MS = 30_000;
/** What the process is without the job's memory, twice: as it was and as it becomes. */
const OWN_BYTES = 256 * 1_048_576;
const WATCH_MS = 25;
/** An outcome is JSON in JSON, and a message may hold escapes. */
const MAX_LINE_BYTES = 3 * SANDBOX_LIMITS.outputBytes;

/**
 * How a job ended, seen from outside: `died` when the process went away by itself, `missed` when it was gone before it had
 * the job.
 */
export type ChildOutcome =
  JobOutcome | { readonly kind: 'died'; readonly reason: string } | { readonly kind: 'missed' };

/** One process for people's code. It takes one job at a time; after a job that had to be killed it is gone. */
export class SandboxChild {
  /** Jobs begun so far. */
  jobs = 0;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
  readonly #process: ChildStdio;
  readonly #ready = Promise.withResolvers<void>();
  #isAlive = true;
  #hasBegun = false;
  #said = '';
  #onLog: ((line: string) => void) | undefined;
  #settle: ((outcome: ChildOutcome) => void) | undefined;

  constructor() {
    this.#process = spawnChild();
    const { stdin, stdout, stderr } = this.#process;
    const reader = new LineReader({
      maxBytes: MAX_LINE_BYTES,
      onLine: (line) => this.#hear(line),
      onFlood: () => void this.kill('It wrote more than a result may be.'),
    });
    stdout.on('data', (chunk: Buffer) => reader.push(chunk));
    stderr.on('data', (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(0, 2_000)));
    // Writing to a child that is gone; its end is told below.
    stdin.on('error', () => undefined);
    this.ended = this.#watchEnd();
    this.#ready.promise.catch(() => undefined);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Resolves once it takes jobs. Rejects when it cannot start, with what it said. */
  async ready(): Promise<void> {
    const timer = setTimeout(
      () => void this.kill(`It did not start within ${START_MS / 1_000} s.`),
      START_MS,
    );
    try {
      await this.#ready.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Runs one job; never rejects. Whatever the code does, it is over within the job's time and the grace. */
  async run(job: JobMessage, onLog: (line: string) => void): Promise<ChildOutcome> {
    const { promise, resolve } = Promise.withResolvers<ChildOutcome>();
    this.jobs += 1;
    this.#hasBegun = false;
    this.#settle = resolve;
    this.#onLog = onLog;
    const deadline = setTimeout(
      () => void this.#stop({ kind: 'timeout' }),
      job.timeoutMs + SANDBOX_LIMITS.graceMs,
    );
    const maxBytes = OWN_BYTES + 2 * job.memoryMb * 1_048_576;
    const watch = setInterval(() => {
      if (residentMemory(this.#process.pid ?? 0) > maxBytes) void this.#stop({ kind: 'memory' });
    }, WATCH_MS);
    this.#process.stdin.write(`${JSON.stringify(job)}\n`);
    if (!this.#isAlive) resolve({ kind: 'missed' });
    try {
      return await promise;
    } finally {
      clearTimeout(deadline);
      clearInterval(watch);
      this.#settle = undefined;
      this.#onLog = undefined;
    }
  }

  /** Ends the process at once; a job in hand ends as `died`. Resolves when it is gone. */
  kill(reason = 'It was stopped.'): Promise<void> {
    this.#said = reason;
    return this.#stop({ kind: 'died', reason });
  }

  #stop(outcome: ChildOutcome): Promise<void> {
    this.#isAlive = false;
    this.#process.kill('SIGKILL');
    this.#settle?.(outcome);
    return this.ended;
  }

  #hear(line: string): void {
    const message = childMessageSchema.safeParse(parsed(line)).data;
    if (!message) void this.kill('It said something that makes no sense.');
    else if (message.type === 'ready') this.#ready.resolve();
    else if (message.type === 'begun') this.#hasBegun = true;
    else if (message.type === 'log') this.#onLog?.(message.line);
    else this.#settle?.(message.outcome);
  }

  #watchEnd(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const over = (how: string) => {
      this.#isAlive = false;
      const reason = `${how} ${this.#said.trim().slice(0, 300)}`.trim();
      this.#ready.reject(new Error(reason));
      this.#settle?.(this.#hasBegun ? { kind: 'died', reason } : { kind: 'missed' });
      resolve();
    };
    this.#process.once('error', (error) => over(error.message));
    this.#process.once('exit', (code, signal) => over(`It ended with ${signal ?? `code ${code}`}.`));
    return promise;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
