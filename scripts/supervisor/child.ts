import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_DELAY_MS = 250;
/** What a process waits for, such as the database, may be back any moment. */
const LONGEST_DELAY_MS = 3_000;
/** A process that did its work for this long was healthy: its next crash starts the delays anew. */
const HEALTHY_MS = 5_000;
const STOP_MS = 35_000;

/** For glibc, which would otherwise keep what large bodies took, in a heap for each thread, long after it was freed. */
const MALLOC = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '16384',
  MALLOC_TRIM_THRESHOLD_: '16384',
};

export interface ChildSpec {
  /** For people: `web`, `worker 2`. */
  readonly name: string;
  /** Arguments of node: the entry point and its own. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

export interface SupervisedChild {
  readonly name: string;
  /** Settles with the first start: rejects when the process ended before it was ready. */
  readonly ready: Promise<void>;
  /** Stops the present process gracefully and starts another. */
  restart(): void;
  /** Stops it for good; SIGKILL after 35 s. */
  stop(): Promise<void>;
  kill(): void;
}

/** A process ended before it was ready. With exit code 1 it has said why, in a sentence of its own. */
export class ChildFailure extends Error {
  override name = 'ChildFailure';
  readonly hasSpoken: boolean;

  constructor(child: string, ending: string) {
    super(`The ${child} process could not start (${ending}).`);
    this.hasSpoken = ending === 'exit code 1';
  }
}

/**
 * Keeps one process running: starts it again whenever it ends, at once the first time, then with growing pauses. A
 * process that never became ready is not tried again: what keeps it from starting is for a person.
 */
export function superviseChild(spec: ChildSpec): SupervisedChild {
  let current: ChildProcess | undefined;
  let isStopping = false;
  let isWanted = false;
  let reportReady: () => void = () => undefined;
  let reportFailure: (cause: Error) => void = () => undefined;
  const ready = new Promise<void>((done, fail) => {
    reportReady = done;
    reportFailure = fail;
  });

  async function keepRunning(): Promise<void> {
    let hasBeenReady = false;
    let delayMs = FIRST_DELAY_MS;
    while (!isStopping) {
      let readyAt = Infinity;
      current = start(spec);
      current.on('message', (message) => {
        if (!isReadyMessage(message)) return;
        hasBeenReady = true;
        readyAt = performance.now();
        reportReady();
      });
      const ending = await ended(current);
      if (isStopping) return;
      if (!hasBeenReady) return reportFailure(new ChildFailure(spec.name, ending));
      if (isWanted) {
        isWanted = false;
        continue;
      }
      if (performance.now() - readyAt > HEALTHY_MS) delayMs = FIRST_DELAY_MS;
      spec.say(`The ${spec.name} process ended (${ending}); it starts again in ${delayMs / 1_000} s.`);
      await sleep(delayMs);
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    }
  }

  const done = keepRunning();
  return {
    name: spec.name,
    ready,
    restart: () => {
      isWanted = true;
      current?.kill('SIGTERM');
    },
    stop: async () => {
      isStopping = true;
      current?.kill('SIGTERM');
      const late = setTimeout(() => current?.kill('SIGKILL'), STOP_MS);
      await Promise.race([done, current ? ended(current) : done]);
      clearTimeout(late);
    },
    kill: () => {
      isStopping = true;
      current?.kill('SIGKILL');
    },
  };
}

function start(spec: ChildSpec): ChildProcess {
  return spawn(process.execPath, [...spec.args], {
    env: { ...MALLOC, ...spec.env },
    // The channel tells the child when this process dies; a group of its own keeps the terminal's Ctrl+C from it.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
}

function ended(child: ChildProcess): Promise<string> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve('already');
  return new Promise((done) => {
    child.once('error', (cause) => done(cause.message));
    child.once('exit', (code, signal) => done(signal ?? `exit code ${code}`));
  });
}

function isReadyMessage(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready';
}
