import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { crashPoint } from '#server/crash-point.ts';
import { log } from '#server/log.ts';
import { writeJournal } from '#server/sql/write-journal.ts';

/** What one activation commits together; each list holds JSON texts of `journal-rows.ts`. */
export interface RunWrite {
  readonly runId: string;
  readonly epoch: number;
  /** True: no step or attempt of the run is on record. */
  readonly isFirst: boolean;
  readonly steps: readonly string[];
  readonly attempts: readonly string[];
  /** Attempts that an earlier write announced and that were not made. */
  readonly unmade?: readonly string[];
  readonly run: string | null;
  readonly deadLetter: string | null;
  /** Ids of orders that the steps have obeyed. */
  readonly orders: readonly string[];
}

/** Postgres refused the rows themselves; sending them again would fail again. */
export class JournalDataError extends Error {
  override name = 'JournalDataError';
}

/** The writer was closed before the rows were committed. */
export class JournalClosedError extends Error {
  override name = 'JournalClosedError';
}

interface Item {
  readonly write: RunWrite;
  readonly bytes: number;
  readonly resolve: (outcome: 'kept' | 'lost') => void;
  readonly reject: (error: Error) => void;
}

const MAX_ITEMS = 300;
const MAX_BYTES = 8 * 1_048_576;
/** While one flush waits for the disk, the next may already be sent, if it is worth a statement of its own. */
const MAX_FLUSHES = 2;
const ENOUGH_ITEMS = 32;
const MAX_BACKOFF_MS = 1_000;

/**
 * Commits the writes of all activations of a worker in groups: whatever has gathered goes out as one statement, at
 * once when nothing is under way. While the database is away it keeps trying. An activation awaits each of its writes
 * before it sends the next, so that a group never holds a step twice.
 */
export class JournalWriter {
  readonly #pool: pg.Pool;
  readonly #workerId: string;
  readonly #queue: Item[] = [];
  #flushing = 0;
  #scheduled = false;
  #closed = false;

  constructor({ pool, workerId }: { pool: pg.Pool; workerId: string }) {
    this.#pool = pool;
    this.#workerId = workerId;
  }

  /**
   * Resolves once committed: `kept`, or `lost` when the run has another owner and nothing was written.
   * Rejects with `JournalDataError` when Postgres refuses these rows, with `JournalClosedError` when the writer was closed.
   */
  commit(write: RunWrite): Promise<'kept' | 'lost'> {
    if (this.#closed) return Promise.reject(new JournalClosedError());
    return new Promise((resolve, reject) => {
      this.#queue.push({ write, bytes: bytesOf(write), resolve, reject });
      this.#schedule();
    });
  }

  /** Stops trying; what was not committed is lost, as in a crash. */
  close(): void {
    this.#closed = true;
    for (const item of this.#queue.splice(0)) item.reject(new JournalClosedError());
  }

  /** Waits a tick, so that activations that finish together share a flush. */
  #schedule(): void {
    if (this.#scheduled || this.#queue.length === 0) return;
    if (this.#flushing > 0 && (this.#flushing >= MAX_FLUSHES || this.#queue.length < ENOUGH_ITEMS)) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#flush(this.#take());
    });
  }

  #take(): Item[] {
    let bytes = 0;
    const count = this.#queue.findIndex((item, index) => {
      bytes += item.bytes;
      return index >= MAX_ITEMS || (index > 0 && bytes > MAX_BYTES);
    });
    return this.#queue.splice(0, count === -1 ? this.#queue.length : count);
  }

  async #flush(items: readonly Item[]): Promise<void> {
    if (items.length === 0) return;
    this.#flushing += 1;
    await this.#send(items);
    this.#flushing -= 1;
    this.#schedule();
  }

  async #send(items: readonly Item[]): Promise<void> {
    let isWhole = items.every(({ write }) => isWholeRun(write));
    for (let failures = 0; ; failures++) {
      try {
        crashPoint('journal.before_commit');
        const kept = await writeJournal(this.#pool, { ...toBatch(this.#workerId, items), isWhole });
        crashPoint('journal.after_commit');
        for (const { write, resolve } of items) resolve(kept.has(write.runId) ? 'kept' : 'lost');
        return;
      } catch (error) {
        if (this.#closed) return items.forEach(({ reject }) => reject(new JournalClosedError()));
        // A row is there after all: the other statement can deal with it.
        if (isWhole && isUniqueViolation(error)) {
          isWhole = false;
          continue;
        }
        if (isDataError(error)) return this.#sendOneByOne(items, error);
        if (failures === 0)
          log.warn({ err: error, part: 'journal' }, 'the journal cannot be written; trying again');
        await sleep(Math.min(MAX_BACKOFF_MS, 50 * 2 ** failures) * (0.5 + Math.random() / 2));
      }
    }
  }

  /** One run's unstorable row must not fail its neighbours. */
  async #sendOneByOne(items: readonly Item[], error: Error): Promise<void> {
    const [only] = items;
    if (only && items.length === 1) {
      log.warn({ err: error, part: 'journal', runId: only.write.runId }, 'Postgres refused a row of a run');
      only.reject(new JournalDataError(error.message, { cause: error }));
      return;
    }
    for (const item of items) await this.#send([item]);
  }
}

/** A run that is written in one go: nothing of it is there yet, and it is let go. */
function isWholeRun({ isFirst, run, deadLetter, orders, unmade = [] }: RunWrite): boolean {
  return isFirst && run !== null && deadLetter === null && orders.length === 0 && unmade.length === 0;
}

function toBatch(workerId: string, items: readonly Item[]) {
  const writes = items.map(({ write }) => write);
  return {
    workerId,
    runIds: writes.map(({ runId }) => runId),
    epochs: writes.map(({ epoch }) => epoch),
    steps: jsonList(writes.flatMap(({ steps }) => steps)),
    attempts: jsonList(writes.flatMap(({ attempts }) => attempts)),
    unmade: jsonList(writes.flatMap(({ unmade }) => unmade ?? [])),
    runs: jsonList(writes.flatMap(({ run }) => run ?? [])),
    deadLetters: jsonList(writes.flatMap(({ deadLetter }) => deadLetter ?? [])),
    orders: writes.flatMap(({ orders }) => orders),
  };
}

function jsonList(texts: readonly string[]): string {
  return `[${texts.join(',')}]`;
}

function bytesOf({ steps, attempts, run }: RunWrite): number {
  return [...steps, ...attempts, run ?? ''].reduce((sum, text) => sum + text.length, 0);
}

/** Classes of SQLSTATE that say nothing about the rows: connection, rollback, resources, intervention, system. */
const PASSING = new Set(['08', '25', '40', '53', '55', '57', '58']);

function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505';
}

function isDataError(error: unknown): error is Error {
  return error instanceof pg.DatabaseError && !PASSING.has((error.code ?? '08').slice(0, 2));
}
