import type pg from 'pg';

import { remindOfApprovals } from '#server/approvals/remind.ts';
import { log } from '#server/log.ts';
import { mailRetrySeconds } from '#server/mail/mail-retry.ts';
import type { MailSettings } from '#server/mail/mail-settings.ts';
import { openMailTransport, type MailTransport } from '#server/mail/transport.ts';
import { markEmailFailed, markEmailSent, takeEmails, type DueEmail } from '#server/sql/emails.ts';

const LOOK_MS = 1_000;
/** A mail that was taken on and neither sent nor refused by then belongs to whoever takes it next. */
const LEASE_SECONDS = 120;

/**
 * Sends what is in the outbox, one mail after the other, each by one worker; tries again what could not be sent. A worker that
 * dies between the server's word and its own note sends a mail twice, under the same Message-ID.
 */
export class Mailer {
  readonly #pool: pg.Pool;
  readonly #transport: MailTransport;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #isStopped = false;
  #isAway = false;

  constructor(pool: pg.Pool, settings: MailSettings) {
    this.#pool = pool;
    this.#transport = openMailTransport(settings);
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  /** Resolves when no mail is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#working;
    this.#transport.close();
  }

  #look(): void {
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  async #work(): Promise<void> {
    try {
      await remindOfApprovals(this.#pool);
      while (!this.#isStopped) {
        const [mail] = await takeEmails(this.#pool, { limit: 1, leaseSeconds: LEASE_SECONDS });
        if (!mail) break;
        await this.#send(mail);
      }
      this.#isAway = false;
    } catch (error) {
      // The next look tries again.
      if (!this.#isAway) log.warn({ err: error, part: 'mail' }, 'the outbox cannot be read; trying again');
      this.#isAway = true;
    }
  }

  async #send(mail: DueEmail): Promise<void> {
    try {
      await this.#transport.send(mail);
    } catch (error) {
      const retrySeconds = mailRetrySeconds(error, mail.attempts);
      const reason = error instanceof Error ? error.message : String(error);
      log.warn(
        { part: 'mail', mail: mail.id, attempts: mail.attempts, retrySeconds, reason },
        'a mail could not be sent',
      );
      return markEmailFailed(this.#pool, mail.id, { error: reason.slice(0, 1_000), retrySeconds });
    }
    await markEmailSent(this.#pool, mail.id);
  }
}
