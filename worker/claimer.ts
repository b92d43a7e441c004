import type pg from 'pg';

import { crashPoint } from '#server/crash-point.ts';
import { log } from '#server/log.ts';
import { claimRuns, type ClaimedRun } from '#server/sql/claim-runs.ts';
import { type HeldSlots, WALK_START } from '#server/sql/fair-share.ts';

/** The backstop: what no notification announced is found about so often. */
const POLL_MS = 500;
/** More in one statement only delays the first of them. */
const BATCH = 64;
/** Runs due later than this are left to the poll. */
const HORIZON_MS = 60_000;
/** Due times are kept this exact, and met a little late rather than early: early finds nothing. */
const GRAIN_MS = 5;
const LATE_MS = 2;
/** How often a worker without a free slot looks for flows that have none here. */
const SPARE_MS = 100;
/** When others held all that this claim could have had, or there was no memory for it. */
const AGAIN_MS = 20;

/** Where runs may be taken on. */
export interface Room {
  readonly slots: number;
  /** See `Share`. */
  readonly spare: number;
  readonly spareOfFlows: number;
  readonly held: readonly HeldSlots[];
  readonly bytes: number;
}

export interface ClaimerOptions {
  readonly pool: pg.Pool;
  readonly workerId: string;
  /** What may be taken on now. */
  room(): Room;
  /** `slots` of it alone. */
  slots(): number;
  /** While more are due than there is room for, so many free slots are worth a claim at once. */
  readonly enoughSlots: number;
  /** False while this worker may have been taken for dead: it claims nothing then. */
  mayClaim(): boolean;
  /** Takes the runs on; when it resolves, they count in `room`. Never rejects. */
  takeOn(runs: readonly ClaimedRun[]): Promise<void>;
  /** Milliseconds until a run is due, as far as is known. */
  untilDue(): Promise<number>;
  /** The database answers again. A claim may have been made whose answer was lost. */
  onBack(): void;
}

/**
 * Takes runs that are due, as many as there is room for: at a wake-up from the queue, at the due times this worker
 * knows of or a look tells, and when a look every 500 ms finds some. One claim is under way at a time; a poke that comes meanwhile leads to another.
 */
export class Claimer {
  readonly #options: ClaimerOptions;
  readonly #dueTimers = new Map<number, NodeJS.Timeout>();
  #poll: NodeJS.Timeout | undefined;
  #claiming: Promise<void> | undefined;
  #walk = WALK_START;
  #isPoked = false;
  /** More runs may be due than found a slot. */
  #hasMore = false;
  /** Several flows wait for more room than there is. */
  #mustWeigh = false;
  #lookedForFirstAt = -Infinity;
  #isStopped = false;
  #isAway = false;

  constructor(options: ClaimerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#poll = setInterval(() => void this.#look(), POLL_MS);
    this.poke();
  }

  /** Resolves when no claim is under way any more; none follows. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#poll);
    for (const timer of this.#dueTimers.values()) clearTimeout(timer);
    this.#dueTimers.clear();
    await this.#claiming;
  }

  /** Runs are due. */
  poke(): void {
    if (this.#isStopped) return;
    this.#isPoked = true;
    this.#claiming ??= this.#claim().finally(() => {
      this.#claiming = undefined;
      // Poked between the loop's last look and now.
      if (this.#isPoked && this.#options.slots() > 0 && this.#options.mayClaim()) this.poke();
    });
  }

  /** A run left; if some had to wait for the room, they get it now, or together with the room that is made next. */
  roomMade(): void {
    if (this.#hasMore && this.#options.slots() < this.#options.enoughSlots) this.pokeIn(0);
    else if (this.#isPoked || this.#hasMore) this.poke();
  }

  /** A run falls due in `ms`. */
  pokeIn(ms: number): void {
    if (this.#isStopped || ms > HORIZON_MS) return;
    const slot = Math.ceil((performance.now() + Math.max(ms, 0) + LATE_MS) / GRAIN_MS);
    if (this.#dueTimers.has(slot)) return;
    const timer = setTimeout(
      () => {
        this.#dueTimers.delete(slot);
        this.poke();
      },
      slot * GRAIN_MS - performance.now(),
    );
    this.#dueTimers.set(slot, timer);
  }

  /** Where nobody can say what is due, a claim says what is the matter; and one that succeeds, that nothing is any more. */
  async #look(): Promise<void> {
    const dueIn = this.#isAway ? 0 : await this.#options.untilDue().catch(() => 0);
    if (dueIn > 0) this.pokeIn(dueIn);
    else this.poke();
  }

  async #claim(): Promise<void> {
    while (this.#isPoked && !this.#isStopped) {
      if (!this.#options.mayClaim()) return;
      const { slots, ...room } = this.#options.room();
      const limit = Math.min(Math.max(slots, 0), BATCH);
      if (limit === 0 && !this.#mayLookForFirst(room.spare)) return;
      this.#isPoked = false;
      try {
        const claim = { workerId: this.#options.workerId, limit, ...room, from: this.#walk };
        crashPoint('claim.before_commit');
        const { runs, isCrowded, isMixed, next } = await claimRuns(this.#options.pool, claim, {
          mustWeigh: this.#mustWeigh,
        });
        if (runs.length > 0) crashPoint('claim.after_commit');
        this.#walk = next;
        // Without a free slot it was only asked for some.
        this.#hasMore = isCrowded || runs.length >= limit;
        this.#mustWeigh = isMixed;
        this.#noteAnswer();
        if (runs.length > 0) await this.#options.takeOn(runs);
        if (limit > 0 && this.#hasMore) this.#goOn(runs.length);
      } catch (error) {
        // The poll tries again.
        if (!this.#isAway) log.warn({ err: error, part: 'worker' }, 'no runs can be claimed; trying again');
        this.#isAway = true;
      }
    }
  }

  #goOn(claimed: number): void {
    if (claimed > 0) this.#isPoked = true;
    else this.pokeIn(AGAIN_MS);
  }

  /** Without a free slot, only now and then: a crowd of runs that are over soon makes room by itself. */
  #mayLookForFirst(spare: number): boolean {
    if (spare <= 0) return false;
    const sinceMs = performance.now() - this.#lookedForFirstAt;
    if (sinceMs < SPARE_MS) {
      this.pokeIn(SPARE_MS - sinceMs);
      return false;
    }
    this.#lookedForFirstAt = performance.now();
    return true;
  }

  #noteAnswer(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    log.info({ part: 'worker' }, 'the database is back');
    this.#options.onBack();
  }
}
