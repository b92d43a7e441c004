import { randomUUID } from 'node:crypto';

import { log } from '#server/log.ts';
import {
  hurryChecks,
  isAnySubscriptionDue,
  releaseSubscriptions,
  takeDueSubscriptions,
  type SubscriptionRow,
} from '#server/sql/subscription-rows.ts';
import {
  BUDGET_MS,
  tendSubscription,
  type TendingServices,
} from '#worker/subscriptions/tend-subscription.ts';
import type { DueBoard } from '#worker/due-board.ts';
import { UnderWay } from '#worker/under-way.ts';
import { Beat } from '#worker/triggers/beat.ts';

/** Workers look at different times, so that they do not go after the same rows together. */
const LOOK_MS = { least: 700, spread: 600 } as const;
/** Providers asked at a time, in one worker. */
const MAX_ASKING = 8;
/** Whoever has a subscription in hand is done within this, or has died. */
const LEASE_SECONDS = (BUDGET_MS + 15_000) / 1_000;

export interface SubscriberOptions extends Omit<TendingServices, 'stopping'> {
  readonly due: Pick<DueBoard, 'isDue'>;
}

/** Makes providers agree with what published flows want of them. Every worker has one; a subscription is in one hand at a time. */
export class Subscriber {
  readonly #services: TendingServices;
  readonly #beat: Beat;
  readonly #due: Pick<DueBoard, 'isDue'>;
  readonly #asking = new UnderWay();
  #hasHurried = false;

  constructor({ due, ...services }: SubscriberOptions) {
    this.#due = due;
    this.#services = { ...services, stopping: this.#asking.signal };
    this.#beat = new Beat({
      what: 'taking subscriptions',
      nextIn: () => LOOK_MS.least + Math.random() * LOOK_MS.spread,
      work: () => this.#look(),
    });
  }

  start(): void {
    this.#beat.start();
  }

  /** Begins nothing more; what is under way may take `graceMs` to end, then it is given back. */
  async stop(graceMs: number): Promise<void> {
    await this.#beat.stop();
    await this.#asking.end(graceMs);
  }

  async #look(): Promise<void> {
    const { pool } = this.#services;
    // Much may have changed while nobody looked.
    if (!this.#hasHurried) await hurryChecks(pool);
    this.#hasHurried = true;
    if (!(await this.#due.isDue('subscriptions'))) return;
    await releaseSubscriptions(pool);
    const limit = MAX_ASKING - this.#asking.size;
    if (limit <= 0 || !(await isAnySubscriptionDue(pool))) return;
    const rows = await takeDueSubscriptions(pool, { leasedBy: randomUUID(), seconds: LEASE_SECONDS, limit });
    for (const row of rows) this.#asking.add(this.#tend(row));
  }

  /** Never rejects. What is not on record is taken up again when the lease is over. */
  async #tend(row: SubscriptionRow): Promise<void> {
    try {
      await tendSubscription(row, this.#services);
    } catch (error) {
      log.warn(
        { err: error, part: 'subscriptions', subscription: row.id },
        'what a provider said was not recorded; asking again later',
      );
    }
  }
}
