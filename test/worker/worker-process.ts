import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

const ENTRY = resolve(import.meta.dirname, '../../worker/main.ts');

export interface WorkerProcess {
  readonly pid: number;
  /** All that it printed. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Closes the channel to its supervisor, which is us. */
  disconnect(): void;
  /** Resolves to the exit code, or to the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts a real worker; resolves once it claims runs. */
export async function spawnWorker(
  fixture: { readonly databaseUrl: string; readonly secretKey: string },
  { env, children }: { env: Readonly<Record<string, string>>; children: Set<ChildProcess> },
): Promise<WorkerProcess> {
  const { NODE_ENV: _mode, VITEST: _runner, ...inherited } = process.env;
  const child = spawn(process.execPath, [ENTRY], {
    env: {
      ...(inherited as NodeJS.ProcessEnv),
      DATABASE_URL: fixture.databaseUrl,
      PATCHBAY_SECRET_KEY: fixture.secretKey,
      PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8',
      LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals>((done) =>
    child.once('exit', (code, signal) => {
      children.delete(child);
      done(code ?? signal ?? -1);
    }),
  );
  const ready = new Promise<boolean>((done) => child.once('message', () => done(true)));
  const started = await Promise.race([ready, ended.then(() => false)]);
  if (!started) throw new Error(`The worker did not start:\n${said}`);
  return {
    pid: child.pid!,
    output: () => said,
    signal: (name) => child.kill(name),
    disconnect: () => child.disconnect(),
    ended,
  };
}

/** Kills a worker, unless it has ended. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}
