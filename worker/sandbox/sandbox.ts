import type { Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { crashPoint } from '#server/crash-point.ts';
import { outputOf } from './describe-outcome.ts';
import { FairQueue } from './fair-queue.ts';
import { SANDBOX_LIMITS } from './limits.ts';
import { SandboxChild } from './sandbox-child.ts';

/** Children are renewed after so many jobs, so that nothing adds up. */
const JOBS_OF_A_CHILD = 1_000;
const DEFAULT_SIZE = 2;
const DEFAULT_MEMORY_MB = 64;
/** Code that got less of its time than this share, since others were before it, is not to blame for being late. */
const FAIR_SHARE = 0.9;

export interface SandboxOptions {
  /** Processes, and so jobs at a time. Default 2. */
  readonly size?: number;
  /** What one job may allocate. Default 64. */
  readonly memoryMb?: number;
}

export interface SandboxJob {
  /** An ES module with a default export that takes the input: `export default (input) => …`. */
  readonly code: string;
  readonly input: Json;
  /** Milliseconds until the job must be over, the wait for its turn included. */
  readonly timeoutMs: number;
  /** Kills the job; `run` rejects with its reason. */
  readonly signal: AbortSignal;
  /** Called for each line of `console.log` and its like, as it comes. */
  readonly log: (line: string) => void;
  /** Whose job it is: owners take turns. Default: all are one. */
  readonly owner?: string;
}

/** Runs people's JavaScript where it can reach nothing. */
export interface Sandbox {
  /**
   * What the code gives back. Throws `StepFailure`: `code_failed`, `code_result`, `code_timeout`, `code_memory`,
   * `code_input_too_large`, `code_output_too_large` (all `invalid`: the same code would fail again), and `sandbox_died`,
   * `sandbox_busy` (`transient`).
   */
  run(job: SandboxJob): Promise<Json>;
  /** Kills what runs; jobs that wait fail. Resolves when all processes are gone. */
  close(): Promise<void>;
}

/** Makes a sandbox; its processes are started as they are needed, and kept. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  return new SandboxPool(options.size ?? DEFAULT_SIZE, options.memoryMb ?? DEFAULT_MEMORY_MB);
}

/** A job in the queue or in a child. */
interface Turn {
  readonly job: SandboxJob;
  readonly input: string;
  readonly endsAt: number;
  readonly settle: (work: () => Json) => void;
  child?: SandboxChild;
}

class SandboxPool implements Sandbox {
  readonly #size: number;
  readonly #memoryMb: number;
  readonly #queue = new FairQueue<Turn>();
  #idle: SandboxChild[] = [];
  readonly #children = new Set<SandboxChild>();
  #isClosed = false;

  constructor(size: number, memoryMb: number) {
    this.#size = size;
    this.#memoryMb = memoryMb;
  }

  async run(job: SandboxJob): Promise<Json> {
    job.signal.throwIfAborted();
    if (this.#isClosed) throw busy('The worker is stopping.');
    const { promise, resolve, reject } = Promise.withResolvers<Json>();
    const settle = (work: () => Json) => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    };
    const turn: Turn = {
      job,
      input: inputText(job.input),
      endsAt: performance.now() + job.timeoutMs,
      settle,
    };
    const onAbort = () => this.#drop(turn, () => job.signal.reason as Error);
    const timer = setTimeout(() => {
      if (!turn.child) this.#drop(turn, () => busy('The code did not get its turn in time.'));
    }, job.timeoutMs);
    job.signal.addEventListener('abort', onAbort, { once: true });
    this.#queue.add(ownerOf(job), turn);
    this.#next();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      job.signal.removeEventListener('abort', onAbort);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (let turn = this.#queue.take(); turn; turn = this.#queue.take())
      turn.settle(() => {
        throw busy('The worker is stopping.');
      });
    await Promise.all([...this.#children].map((child) => child.kill()));
  }

  /** Gives jobs to children while there are both; starts children up to the size. */
  #next(): void {
    while (!this.#isClosed && (this.#idle.length > 0 || this.#children.size < this.#size)) {
      const turn = this.#queue.take();
      if (!turn) return;
      const child = this.#idle.pop() ?? this.#start();
      turn.child = child;
      void this.#serve(turn, child);
    }
  }

  #start(): SandboxChild {
    const child = new SandboxChild();
    this.#children.add(child);
    void child.ended.then(() => {
      this.#children.delete(child);
      this.#idle = this.#idle.filter((each) => each !== child);
      this.#next();
    });
    return child;
  }

  async #serve(turn: Turn, child: SandboxChild): Promise<void> {
    const outcome = await this.#runIn(child, turn);
    if (outcome === 'missed') return this.#giveAgain(turn);
    turn.settle(outcome);
    if (!child.isAlive) return;
    if (child.jobs >= JOBS_OF_A_CHILD) return void child.kill();
    this.#idle.push(child);
    this.#next();
  }

  /** An idle process had gone unnoticed: the job has not begun, and another process takes it. */
  #giveAgain(turn: Turn): void {
    delete turn.child;
    this.#queue.add(ownerOf(turn.job), turn);
    this.#next();
  }

  /** What is to be thrown or given back, or that the process was gone before it had the job; never rejects. */
  async #runIn(child: SandboxChild, { job, input, endsAt }: Turn): Promise<(() => Json) | 'missed'> {
    try {
      await child.ready();
    } catch (error) {
      const message = `The process that runs code cannot start. ${(error as Error).message}`;
      return () => {
        throw new StepFailure({ kind: 'transient', code: 'sandbox_died', message });
      };
    }
    const timeoutMs = Math.max(0, endsAt - performance.now());
    const memoryMb = this.#memoryMb;
    const outcome = await child.run({ code: job.code, input, timeoutMs, memoryMb }, job.log);
    if (outcome.kind === 'missed') return 'missed';
    crashPoint('sandbox.after_result');
    return () => {
      if (outcome.kind === 'timeout' && timeoutMs < FAIR_SHARE * job.timeoutMs) throw late(timeoutMs);
      return outputOf(outcome, { timeoutMs, memoryMb });
    };
  }

  #drop(turn: Turn, reason: () => Error): void {
    turn.settle(() => {
      throw reason();
    });
    if (turn.child) void turn.child.kill();
    else this.#queue.remove(ownerOf(turn.job), turn);
  }
}

function ownerOf(job: SandboxJob): string {
  return job.owner ?? '';
}

function inputText(input: Json): string {
  const text = JSON.stringify(input);
  const bytes = Buffer.byteLength(text);
  if (bytes <= SANDBOX_LIMITS.inputBytes) return text;
  const message = `The input is ${(bytes / 1_048_576).toFixed(1)} MiB; code can take ${SANDBOX_LIMITS.inputBytes / 1_048_576} MiB. Give it only what it needs.`;
  throw new StepFailure({ kind: 'invalid', code: 'code_input_too_large', message, pointer: '/config/input' });
}

function late(timeoutMs: number): StepFailure {
  return busy(`The code had only ${(timeoutMs / 1_000).toFixed(1)} s of its time left when its turn came.`);
}

function busy(message: string): StepFailure {
  return new StepFailure({ kind: 'transient', code: 'sandbox_busy', message });
}
