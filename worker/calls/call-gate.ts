import type pg from 'pg';

import type { CallOutcome } from '#core/breaker.ts';
import { log } from '#server/log.ts';
import { keepProbe, readBreaker, takeProbe, type BreakerPlace } from '#server/sql/breakers.ts';
import { BreakerBoard, type BreakerBoardOptions } from '#worker/calls/breaker-board.ts';
import { HeldBack } from '#worker/calls/held-back.ts';

/** The one call that tries a far end has this long to say that it is still at it; then another one tries. */
export const PROBE_LEASE_MS = 10_000;
const KEEP_MS = 2_000;
/** How long a call waits when the database does not say whether it may try. */
const UNSURE_MS = 1_000;
/** Steps that are held back are let go as soon as that is over; should nobody do so, they ask again by themselves, not all at once. */
const ASK_AGAIN = { leastMs: 2_000, spreadMs: 30_000 } as const;

/** Leave to make a call; `end` is to be told what came of it. */
export interface Pass {
  readonly isProbe: boolean;
  /** Null says nothing of the far end: the call was stopped, or never got there. */
  end(outcome: CallOutcome | null): void;
}

/** Decides which calls may leave, by the breakers that all workers share. */
export class CallGate {
  readonly #pool: pg.Pool;
  readonly #now: () => number;
  readonly #board: BreakerBoard;
  /** Questions of who tries, by place: many calls ask at the same moment. */
  readonly #trying = new Map<string, Promise<boolean>>();
  /** Calls of this worker that try, by place. */
  readonly #probes = new Map<string, BreakerPlace>();
  #interval: NodeJS.Timeout | undefined;

  constructor(options: BreakerBoardOptions) {
    this.#pool = options.pool;
    this.#now = options.now;
    this.#board = new BreakerBoard(options);
  }

  start(): void {
    this.#board.start();
    this.#interval = setInterval(() => void this.#keepProbes(), KEEP_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#interval);
    await this.#board.stop();
  }

  /** Throws `HeldBack` where a call would neither be let out nor be the one that tries, as far as this worker knows. */
  check(place: BreakerPlace): void {
    const admission = this.#board.admissionTo(place);
    if (typeof admission === 'object') throw this.#held(place, admission.until);
  }

  /** Lets a call out. Throws `HeldBack`. */
  async pass(place: BreakerPlace): Promise<Pass> {
    this.check(place);
    if (this.#board.admissionTo(place) === 'go') return this.#passTo(place);
    if (await this.#try(place)) return this.#passTo(place, { isProbe: true });
    this.check(place);
    if (this.#board.admissionTo(place) === 'go') return this.#passTo(place);
    // By the database's clock it is not time yet.
    throw this.#held(place, this.#now());
  }

  /** For calls of an attempt that has begun: they are not held back any more, but what comes of them counts. */
  follow(place: BreakerPlace): Pass {
    return this.#passTo(place);
  }

  /** For a call that a person wants made now: nothing holds it back, and if it comes back well, it frees the others. */
  urge(place: BreakerPlace): Pass {
    return this.#passTo(place, { wentPast: this.#board.admissionTo(place) !== 'go' });
  }

  #passTo(place: BreakerPlace, { isProbe = false, wentPast = false } = {}): Pass {
    return {
      isProbe,
      end: (outcome) => {
        if (isProbe) this.#probes.delete(keyOf(place));
        if (outcome) this.#board.note(place, { outcome, isProbe, wentPast });
      },
    };
  }

  /** One call asks for all that want to try at this moment; the others find what came of it. */
  async #try(place: BreakerPlace): Promise<boolean> {
    const key = keyOf(place);
    const asked = this.#trying.get(key);
    if (asked) {
      await asked;
      return false;
    }
    const asking = this.#takeProbe(place).finally(() => this.#trying.delete(key));
    this.#trying.set(key, asking);
    return asking;
  }

  async #takeProbe(place: BreakerPlace): Promise<boolean> {
    try {
      const taken = await takeProbe(this.#pool, place, PROBE_LEASE_MS);
      if (taken) this.#probes.set(keyOf(place), place);
      this.#board.learn(taken ?? (await readBreaker(this.#pool, place)));
      return taken !== null;
    } catch (error) {
      log.debug({ err: error, part: 'breaker' }, 'nobody can say whether a far end may be tried');
      throw new HeldBack({ for: 'breaker', until: this.#now() + UNSURE_MS, scope: place.scope });
    }
  }

  async #keepProbes(): Promise<void> {
    for (const place of this.#probes.values())
      await keepProbe(this.#pool, place, PROBE_LEASE_MS).catch((error: unknown) =>
        log.debug({ err: error, part: 'breaker' }, 'the lease of a call that tries was not renewed'),
      );
  }

  #held({ scope }: BreakerPlace, until: number): HeldBack {
    const { leastMs, spreadMs } = ASK_AGAIN;
    return new HeldBack({ for: 'breaker', until: until + leastMs + Math.random() * spreadMs, scope });
  }
}

function keyOf({ workspaceId, scope }: BreakerPlace): string {
  return `${workspaceId} ${scope}`;
}
