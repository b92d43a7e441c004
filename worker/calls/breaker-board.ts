import type pg from 'pg';

import {
  admission,
  afterCall,
  CLOSED_BREAKER,
  type Admission,
  type BreakerState,
  type EndedCall,
} from '#core/breaker.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { log } from '#server/log.ts';
import {
  loadBreakers,
  lockBreakers,
  writeBreakers,
  type BreakerPlace,
  type StoredBreaker,
} from '#server/sql/breakers.ts';
import type { DueBoard } from '#worker/due-board.ts';

/** What other workers found is known here about so long after the look that tells of it. */
const REFRESH_MS = 1_000;
/** Ends of calls that changed something are written together this often. */
const GATHER_MS = 20;

export interface BreakerBoardOptions {
  readonly pool: pg.Pool;
  readonly due: Pick<DueBoard, 'isDue'>;
  /** The database's time, in milliseconds since 1970. */
  now(): number;
  /** Nothing holds these back any more, as far as this worker knows. */
  onFreed(places: readonly BreakerPlace[]): void;
}

/**
 * What this worker knows of the breakers that all workers share. Nothing is known of far ends that are well, so that calls to
 * them cost neither a question nor a write; what changes a breaker is applied here at once, and to its row together with what
 * other workers wrote there.
 */
export class BreakerBoard {
  readonly #options: BreakerBoardOptions;
  #known = new Map<string, StoredBreaker>();
  #ended = new Map<string, { readonly place: BreakerPlace; readonly calls: EndedCall[] }>();
  /** Changed here since the reading under way began: that knows less. */
  readonly #touched = new Set<string>();
  #interval: NodeJS.Timeout | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: BreakerBoardOptions) {
    this.#options = options;
  }

  start(): void {
    this.#interval = setInterval(() => void this.#refreshWhenAny(), REFRESH_MS);
    void this.refresh();
  }

  /** Writes down what is known. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#interval);
    clearTimeout(this.#gathering);
    await this.#refreshing;
    await this.#write();
  }

  admissionTo(place: BreakerPlace): Admission {
    const known = this.#known.get(keyOf(place));
    return known ? admission(known.breaker, this.#options.now()) : 'go';
  }

  /** A breaker as its row has it now. */
  learn(stored: StoredBreaker): void {
    this.#touched.add(keyOf(stored));
    this.#known.set(keyOf(stored), stored);
  }

  /** A call ended. Of far ends that are well there is nothing to remember. */
  note(place: BreakerPlace, call: EndedCall): void {
    const key = keyOf(place);
    const before = this.#known.get(key)?.breaker ?? CLOSED_BREAKER;
    const after = this.#after(before, call);
    if (after === before) return;
    this.learn({ ...place, breaker: after });
    const ended = this.#ended.get(key);
    if (ended) ended.calls.push(call);
    else this.#ended.set(key, { place, calls: [call] });
    // What comes of the one call that tries is waited for.
    if (call.isProbe || call.wentPast) void this.#write();
    else this.#gathering ??= setTimeout(() => void this.#write(), GATHER_MS);
  }

  /** Reads what the others wrote. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** Where all far ends are well, and were before, there is nothing to read. */
  async #refreshWhenAny(): Promise<void> {
    const isAny = this.#known.size > 0 || (await this.#options.due.isDue('breakers').catch(() => true));
    if (isAny && !this.#isStopped) await this.refresh();
  }

  async #refresh(): Promise<void> {
    this.#touched.clear();
    try {
      const rows = await loadBreakers(this.#options.pool);
      const fresh = new Map(rows.map((row) => [keyOf(row), row]));
      for (const [key, row] of this.#known)
        if (this.#touched.has(key) || this.#ended.has(key)) fresh.set(key, row);
      const before = this.#known;
      this.#known = fresh;
      this.#tellFreed([...before.values()]);
    } catch (error) {
      log.debug({ err: error, part: 'breaker' }, 'the breakers could not be read');
    }
  }

  #write(): Promise<void> {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#writing = this.#writing.then(() => this.#writeEnded());
    return this.#writing;
  }

  async #writeEnded(): Promise<void> {
    const ended = this.#ended;
    if (ended.size === 0) return;
    this.#ended = new Map();
    try {
      const { before, after } = await inClientTransaction(async (client) => {
        const locked = await lockBreakers(
          client,
          [...ended.values()].map(({ place }) => place),
        );
        const changed = locked.map((row) => this.#afterAll(row, ended.get(keyOf(row))?.calls ?? []));
        await writeBreakers(client, changed);
        return { before: locked, after: changed };
      }, this.#options.pool);
      after.forEach((row, index) => this.#take(row, before[index]!));
      this.#tellFreed(before);
    } catch (error) {
      // The calls that follow say the same again.
      log.warn({ err: error, part: 'breaker' }, 'what calls came to could not be written down');
    }
  }

  /** A worker counts with what it writes, not with what it had seen before. */
  #take(row: StoredBreaker, before: StoredBreaker): void {
    if (!this.#ended.has(keyOf(row))) this.learn(row);
    if (row.breaker.state === before.breaker.state) return;
    const { state, pausedUntil, lastError } = row.breaker;
    const told = { part: 'breaker', scope: row.scope, workspaceId: row.workspaceId };
    if (state === 'open')
      log.warn({ ...told, until: isoTime(pausedUntil), error: lastError?.message }, 'calls are held back');
    else log.info(told, 'the far end is well again');
  }

  #afterAll(row: StoredBreaker, calls: readonly EndedCall[]): StoredBreaker {
    return { ...row, breaker: calls.reduce((breaker, call) => this.#after(breaker, call), row.breaker) };
  }

  #after(breaker: BreakerState, call: EndedCall): BreakerState {
    return afterCall(breaker, call, { now: this.#options.now(), random: Math.random() });
  }

  #tellFreed(before: readonly StoredBreaker[]): void {
    const now = this.#options.now();
    const freed = before.filter((row) => heldBack(row.breaker, now) && this.admissionTo(row) === 'go');
    if (freed.length > 0) this.#options.onFreed(freed);
  }
}

/** A pause that ran out is told by nobody: it counts as held back here, so that whoever waits for its end hears of that. */
function heldBack({ state, pausedUntil }: BreakerState, now: number): boolean {
  return state !== 'closed' || (pausedUntil !== null && pausedUntil > now - 2 * REFRESH_MS);
}

function keyOf({ workspaceId, scope }: BreakerPlace): string {
  return `${workspaceId} ${scope}`;
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
