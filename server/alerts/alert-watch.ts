import { lookAfterRule } from '#server/alerts/look-after-rule.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { pool } from '#server/db/pool.ts';
import { log } from '#server/log.ts';
import { RecurringLook } from '#server/recurring-look.ts';
import { endOrphanedAlerts, forgetOldAlerts, selectDueRules } from '#server/sql/alert-rows.ts';

const LOOK_MS = 5_000;
/** Looks may take a tenth of the time at most, however many rules there are. */
const REST = 9;
const FORGET_MS = 3_600_000;

/**
 * Looks after the alert rules for as long as the process runs; all processes together look after each about every 10 s. Web processes
 * do it as well as workers: that no worker is alive is among what is told.
 */
export class AlertWatch extends RecurringLook {
  #forgotAt = -Infinity;

  constructor() {
    super({
      look: () => this.#lookAfterAll(),
      pauseMs: LOOK_MS,
      rest: REST,
      part: 'alerts',
      trouble: 'the alert rules cannot be read',
    });
  }

  async #lookAfterAll(): Promise<object> {
    const now = performance.now();
    for (const id of await selectDueRules(pool())) {
      if (this.isStopped) return {};
      await this.#lookAfter(id);
    }
    await endOrphanedAlerts(pool());
    await this.#forget(now);
    return {};
  }

  /** One rule that cannot be looked after does not keep the others from it. */
  async #lookAfter(rule: string): Promise<void> {
    try {
      await inClientTransaction((client) => lookAfterRule(client, rule));
    } catch (error) {
      log.warn({ err: error, part: 'alerts', rule }, 'an alert rule could not be looked after; trying again');
    }
  }

  async #forget(now: number): Promise<void> {
    if (now - this.#forgotAt < FORGET_MS) return;
    this.#forgotAt = now;
    await forgetOldAlerts(pool());
  }
}
