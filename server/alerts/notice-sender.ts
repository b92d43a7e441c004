import type pg from 'pg';

import { sendNotice } from '#server/alerts/send-notice.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { log } from '#server/log.ts';
import { mailRetrySeconds } from '#server/mail/mail-retry.ts';
import { markNoticeFailed, takeNotices, type DueNotice } from '#server/sql/alert-notices.ts';

const LOOK_MS = 2_000;
/** Sent side by side, so that one that does not answer holds up few. */
const AT_ONCE = 4;
/** A notice that was taken on and neither sent nor refused by then belongs to whoever takes it next. */
const LEASE_SECONDS = 60;

/**
 * Sends the notices of alerts, each by one process, and tries again what could not be sent. A process that dies between the far end's
 * answer and its own note sends a notice twice, under the same id.
 */
export class NoticeSender {
  readonly #pool: pg.Pool;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #isStopped = false;
  #isAway = false;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
    this.#look();
  }

  /** Resolves when no notice is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#working;
  }

  #look(): void {
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  async #work(): Promise<void> {
    try {
      while (!this.#isStopped) {
        const notices = await takeNotices(this.#pool, { limit: AT_ONCE, leaseSeconds: LEASE_SECONDS });
        if (notices.length === 0) break;
        await Promise.all(notices.map((notice) => this.#send(notice)));
      }
      this.#isAway = false;
    } catch (error) {
      // The next look tries again.
      if (!this.#isAway) log.warn({ err: error, part: 'alerts' }, 'the notices cannot be read; trying again');
      this.#isAway = true;
    }
  }

  async #send(notice: DueNotice): Promise<void> {
    const { id, attempts } = notice;
    try {
      await sendNotice(this.#pool, egressClient(), notice);
    } catch (error) {
      const retrySeconds = mailRetrySeconds(error, attempts);
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ part: 'alerts', notice: id, attempts, retrySeconds, reason }, 'a notice could not be sent');
      await markNoticeFailed(this.#pool, id, { error: reason.slice(0, 1_000), retrySeconds });
    }
  }
}
