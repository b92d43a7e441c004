/**
 * The process that people's code runs in: reads jobs from stdin, writes what comes of them to stdout, one line of JSON
 * each. It is started with no environment and no rights (see `spawn-child.ts`) and ends with its worker.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

import { SANDBOX_LIMITS } from './limits.ts';
import { LineReader, type ChildMessage, type JobMessage } from './protocol.ts';
import { runJob } from './run-job.ts';

const NOBODY = 65_534;
const COLLECT_ABOVE_BYTES = 192 * 1_048_576;
/** A job is its code and input in JSON, both escaped once more. */
const MAX_JOB_BYTES = 4 * SANDBOX_LIMITS.inputBytes;
const WARM_UP: JobMessage = { code: 'export default (x) => x', input: '1', timeoutMs: 10_000, memoryMb: 16 };

// Dates are the same on every machine.
process.env['TZ'] = 'UTC';
const wasm = new WebAssembly.Module(
  readFileSync(createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')),
);
await startWatchdog();
// Loads what is loaded on first use, while files can still be read.
await runJob(WARM_UP, { wasm, log: () => undefined });
dropPrivileges();

const reader = new LineReader({
  maxBytes: MAX_JOB_BYTES,
  onLine: (line) => void serve(JSON.parse(line) as JobMessage),
  onFlood: () => process.exit(1),
});
process.stdin.on('data', (chunk: Buffer) => reader.push(chunk));
process.stdin.on('close', () => process.exit(0));
say({ type: 'ready' });

async function serve(job: JobMessage): Promise<void> {
  say({ type: 'begun' });
  const outcome = await runJob(job, { wasm, log: limitedLog() });
  say({ type: 'outcome', outcome });
  // The memory of large jobs is given back before the next one; for small ones that would double the work.
  if (process.memoryUsage.rss() > COLLECT_ABOVE_BYTES) globalThis.gc?.();
}

function limitedLog(): (line: string) => void {
  let lines = 0;
  let length = 0;
  return (line) => {
    lines += 1;
    length += line.length;
    if (lines <= SANDBOX_LIMITS.logLines && length <= SANDBOX_LIMITS.logLength) say({ type: 'log', line });
  };
}

/** Pipes are written to at once, so a line is out even if the next statement never ends. */
function say(message: ChildMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Job code can keep this thread busy for ever; the watchdog has its own. */
async function startWatchdog(): Promise<void> {
  const watchdog = new Worker(new URL('./watchdog.ts', import.meta.url), {
    env: {},
    workerData: process.ppid,
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  watchdog.once('online', resolve);
  watchdog.on('error', reject);
  await promise;
  watchdog.unref();
}

/** A container may have taken away the right to do so; then the user is the one that was chosen for it. */
function dropPrivileges(): void {
  if (process.getuid?.() !== 0) return;
  try {
    process.setgroups?.([]);
    process.setgid?.(NOBODY);
    process.setuid?.(NOBODY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}
