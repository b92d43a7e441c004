import { AlertWatch } from '#server/alerts/alert-watch.ts';
import { NoticeSender } from '#server/alerts/notice-sender.ts';
import { pool } from '#server/db/pool.ts';

/** What every process does about alerts: looks after the rules, and sends the notices; all processes together do each once. */
export class AlertDuty {
  readonly #watch = new AlertWatch();
  readonly #sender = new NoticeSender(pool());

  start(): void {
    this.#watch.start();
    this.#sender.start();
  }

  /** Resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    await Promise.all([this.#watch.stop(), this.#sender.stop()]);
  }
}
