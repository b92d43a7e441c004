import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

import { waitFor } from '#test/support/wait-for.ts';

import type { Dice } from './dice.ts';

const ENTRY = resolve(import.meta.dirname, '../../worker/main.ts');

/** Real worker processes, of which one can be killed at any time. */
export interface WorkerCrew {
  /** SIGKILLs one and has another begin in its place. Resolves to the old one's id once it is gone. */
  killOne(dice: Dice): Promise<string>;
  /** The last lines that workers printed which ended by themselves; empty while all is well. */
  troubles(): readonly string[];
  stop(): Promise<void>;
}

/** The processes and their workers' ids; empty until a worker is ready. */
type Crew = Map<ChildProcess, string>;

/** Starts so many workers with the given environment and waits until they are ready. */
export async function startCrew(count: number, env: Readonly<Record<string, string>>): Promise<WorkerCrew> {
  const crew: Crew = new Map();
  const troubles: string[] = [];
  const starting = new Set<Promise<void>>();
  const add = (): Promise<void> => {
    const started = startWorker(env, { crew, troubles }).finally(() => starting.delete(started));
    starting.add(started);
    return started;
  };
  await Promise.all(Array.from({ length: count }, add));
  return {
    killOne: async (dice) => {
      // One that has not told its id yet is let be.
      if ([...crew.values()].every((id) => id === '')) await Promise.race(starting);
      const [victim, id] = dice.pick([...crew].filter(([, known]) => known !== ''));
      crew.delete(victim);
      const gone = once(victim, 'exit');
      victim.kill('SIGKILL');
      await gone;
      add().catch((cause: unknown) => troubles.push(String(cause)));
      return id;
    },
    troubles: () => troubles,
    stop: async () => {
      await Promise.allSettled(starting);
      const all = [...crew.keys()];
      crew.clear();
      await Promise.all(
        all.map((worker) => {
          const gone = once(worker, 'exit');
          worker.kill('SIGTERM');
          return gone;
        }),
      );
    },
  };
}

async function startWorker(
  env: Readonly<Record<string, string>>,
  { crew, troubles }: { readonly crew: Crew; readonly troubles: string[] },
): Promise<void> {
  const { NODE_ENV: _mode, VITEST: _runner, ...inherited } = process.env;
  const child = spawn(process.execPath, [ENTRY], {
    env: { ...(inherited as NodeJS.ProcessEnv), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const gone = new Promise<boolean>((done) => child.once('exit', () => done(false)));
  crew.set(child, '');
  child.once('exit', (code, signal) => {
    if (!crew.delete(child)) return;
    troubles.push(`A worker ended by itself (${code ?? signal}):\n${said}`);
  });
  const isReady = await Promise.race([once(child, 'message').then(() => true), gone]);
  if (!crew.has(child)) return;
  if (!isReady) throw new Error(`A worker did not start:\n${said}`);
  crew.set(child, await waitFor('the id of a worker', () => /"worker":"([0-9a-f-]{36})"/.exec(said)?.[1]));
}
