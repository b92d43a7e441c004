import { readdirSync, readFileSync } from 'node:fs';

import { afterAll } from 'vitest';

import type { Json } from '#core/json.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';
import { createSandbox, type SandboxJob, type SandboxOptions } from '#worker/sandbox/sandbox.ts';

/** What became of a job. */
export interface Ran {
  readonly output: Json | undefined;
  readonly error: StepError | undefined;
  readonly lines: readonly string[];
  readonly ms: number;
}

/** A sandbox for one test file, closed at its end. */
export function useSandbox(options: SandboxOptions = {}) {
  const sandbox = createSandbox(options);
  afterAll(() => sandbox.close());
  const run = async (code: string, job: Partial<SandboxJob> = {}): Promise<Ran> => {
    const lines: string[] = [];
    const begun = performance.now();
    const full: SandboxJob = {
      code,
      input: null,
      timeoutMs: 10_000,
      signal: new AbortController().signal,
      log: (line) => lines.push(line),
      ...job,
    };
    const ended = await sandbox.run(full).then(
      (output) => ({ output, error: undefined }),
      (thrown: unknown) => {
        if (thrown instanceof StepFailure) return { output: undefined, error: thrown.error };
        throw thrown;
      },
    );
    return { ...ended, lines, ms: performance.now() - begun };
  };
  return { sandbox, run };
}

/** Pids of the sandbox processes that this test file started. */
export function sandboxChildren(): number[] {
  return childrenOf(process.pid);
}

/** Pids of the sandbox processes of a worker. What nobody has buried yet is gone, too. */
export function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const status = readIn(pid, 'status');
    const [, ppid] = /PPid:\t(\d+)/.exec(status) ?? [];
    return Number(ppid) === parent && isRunning(pid) && readIn(pid, 'cmdline').includes('sandbox/child.ts');
  });
}

/** True until the process has ended; what is dead but not buried is not running. */
export function isRunning(pid: number): boolean {
  return /^State:\t[^ZX]/m.test(readIn(pid, 'status'));
}

function readIn(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
