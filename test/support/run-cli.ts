import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const LAUNCHER = resolve(import.meta.dirname, '../../cli/patchbay.mjs');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** The Node that runs the launcher. Default: this one. */
  readonly node?: string;
}

/** Runs `patchbay <args>` as a person would: the launcher, in a process of its own, with no environment but `env`. */
export async function runCli(
  args: readonly string[],
  { env = {}, stdin = '', node }: CliOptions = {},
): Promise<CliResult> {
  const child = spawn(node ?? process.execPath, [LAUNCHER, ...args], {
    // Next's types want a NODE_ENV in every environment.
    env: { PATH: process.env['PATH'], ...env } as unknown as NodeJS.ProcessEnv,
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
