import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
/** Halves the time that a process takes to start: tests start many. */
const CODE_CACHE = join(ROOT, 'node_modules/.cache/patchbay-test-code');

export interface LaunchedProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** All that it printed. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Closes the channel to its supervisor, which is us. */
  disconnect(): void;
  /** The first message that it sent; undefined when it ended before. */
  readonly message: Promise<unknown>;
  /** Resolves to the exit code, or to the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts one of the product's processes, such as `worker/main.ts`, with this environment over our own. */
export function launchProcess(
  entry: string,
  env: Readonly<Record<string, string>>,
  nodeArgs: readonly string[] = [],
): LaunchedProcess {
  // The test runner's own mode is not the product's.
  const { NODE_ENV: _mode, VITEST: _runner, ...inherited } = process.env;
  const child = spawn(process.execPath, [...nodeArgs, join(ROOT, entry)], {
    cwd: ROOT,
    env: {
      ...(inherited as NodeJS.ProcessEnv),
      NODE_COMPILE_CACHE: CODE_CACHE,
      PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8',
      LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals>((done) =>
    child.once('exit', (code, signal) => done(code ?? signal ?? -1)),
  );
  const message = new Promise<unknown>((done) => child.once('message', done));
  return {
    pid: child.pid ?? -1,
    child,
    output: () => said,
    signal: (name) => void child.kill(name),
    disconnect: () => child.disconnect(),
    message: Promise.race([message, ended.then(() => undefined)]),
    ended,
  };
}
