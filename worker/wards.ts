import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

import type pg from 'pg';

import { log } from '#server/log.ts';
import { countSuspects } from '#server/sql/suspects.ts';
import type { DueBoard } from '#worker/due-board.ts';
import { Beat } from '#worker/triggers/beat.ts';

const ENTRY = resolve(import.meta.dirname, 'main.ts');
const LOOK_MS = 1_000;
/** Suspects that run at a time, each in a process of its own. */
const MAX_WARDS = 3;

/**
 * Starts processes in which runs that may have killed their workers run alone (`SUSPECT_DEATHS`): what is to blame kills nothing
 * else any more, and what only shared a worker with it ends as it should. They end when they are not needed.
 */
export class Wards {
  readonly #pool: pg.Pool;
  readonly #due: Pick<DueBoard, 'isDue'>;
  readonly #wards = new Set<ChildProcess>();
  /** Of these, those that are not ready yet. */
  readonly #starting = new Set<ChildProcess>();
  readonly #beat: Beat;

  constructor(pool: pg.Pool, due: Pick<DueBoard, 'isDue'>) {
    this.#pool = pool;
    this.#due = due;
    this.#beat = new Beat({ what: 'looking for suspects', nextIn: () => LOOK_MS, work: () => this.#look() });
  }

  start(): void {
    this.#beat.start();
  }

  /** Lets the wards hand their runs over, as this worker does. */
  async stop(): Promise<void> {
    await this.#beat.stop();
    await Promise.all(
      [...this.#wards].map((ward) => {
        const gone = once(ward, 'exit');
        ward.kill('SIGTERM');
        return gone;
      }),
    );
  }

  async #look(): Promise<void> {
    if (!(await this.#due.isDue('suspects'))) return;
    const suspects = await countSuspects(this.#pool, MAX_WARDS);
    // Those that are ready have a suspect each, else they would have taken these.
    while (this.#starting.size < suspects && this.#wards.size < MAX_WARDS) this.#start();
  }

  #start(): void {
    const ward = spawn(process.execPath, [...process.execArgv, ENTRY, '--ward'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#wards.add(ward);
    this.#starting.add(ward);
    ward.once('message', () => this.#starting.delete(ward));
    ward.once('error', (error) => log.warn({ err: error, part: 'ward' }, 'a ward cannot be started'));
    ward.once('exit', (code, signal) => {
      this.#wards.delete(ward);
      this.#starting.delete(ward);
      if (code !== 0)
        log.warn({ part: 'ward', code, signal }, 'a run killed the process that it had to itself');
    });
  }
}
