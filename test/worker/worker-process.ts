import type { ChildProcess } from 'node:child_process';

import { launchProcess, type LaunchedProcess } from '#test/support/launch-process.ts';

export type WorkerProcess = LaunchedProcess;

/** Starts a real worker; resolves once it claims runs. */
export async function spawnWorker(
  fixture: { readonly databaseUrl: string; readonly secretKey: string },
  {
    env,
    children,
    nodeArgs,
  }: {
    env: Readonly<Record<string, string>>;
    children: Set<ChildProcess>;
    nodeArgs?: readonly string[];
  },
): Promise<WorkerProcess> {
  const worker = launchProcess(
    'worker/main.ts',
    { DATABASE_URL: fixture.databaseUrl, PATCHBAY_SECRET_KEY: fixture.secretKey, ...env },
    nodeArgs,
  );
  children.add(worker.child);
  worker.child.once('exit', () => children.delete(worker.child));
  if ((await worker.message) === undefined) throw new Error(`The worker did not start:\n${worker.output()}`);
  return worker;
}

/** Kills a process, unless it has ended. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}
