import type pg from 'pg';

import { crashPoint } from '#server/crash-point.ts';
import { log } from '#server/log.ts';
import { isAnyPollDue, recordFailure, returnPoll } from '#server/sql/poll-rows.ts';
import type { AccountServices } from '#worker/calls/open-account.ts';
import { askPoll, type FailedPoll } from '#worker/triggers/ask-poll.ts';
import type { DueBoard } from '#worker/due-board.ts';
import { Beat } from '#worker/triggers/beat.ts';
import { pollAgainAt } from '#worker/triggers/poll-delay.ts';
import { leaseDuePolls, type PollJob } from '#worker/triggers/poll-lease.ts';
import { settlePoll } from '#worker/triggers/settle-poll.ts';
import { UnderWay } from '#worker/under-way.ts';

const LOOK_MS = 1_000;
/** Requests under way at a time, in one worker. */
const MAX_ASKING = 8;

export interface PollerOptions extends AccountServices {
  readonly pool: pg.Pool;
  readonly due: Pick<DueBoard, 'isDue'>;
}

/** Asks the far ends of published polls in their turn. Every worker has one; a poll is asked by one of them at a time. */
export class Poller {
  readonly #options: PollerOptions;
  readonly #beat: Beat;
  readonly #asking = new UnderWay();

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#beat = new Beat({ what: 'taking polls', nextIn: () => LOOK_MS, work: () => this.#look() });
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
    const { pool, due } = this.#options;
    if (!(await due.isDue('polls'))) return;
    const now = this.#now();
    const free = MAX_ASKING - this.#asking.size;
    if (free <= 0 || !(await isAnyPollDue(pool, now))) return;
    for (const job of await leaseDuePolls(now, free)) {
      crashPoint('poll.after_lease');
      this.#asking.add(this.#ask(job));
    }
  }

  /** Never rejects. What is not recorded here is asked again when the lease is over. */
  async #ask(job: PollJob): Promise<void> {
    try {
      const asked = await askPoll(job, this.#options, this.#asking.signal);
      if ('polled' in asked) await settlePoll(job, asked.polled, this.#now());
      else if (this.#asking.signal.aborted) await returnPoll(this.#options.pool, job.lease, this.#now());
      else await this.#recordFailure(job, asked);
    } catch (error) {
      log.warn(
        { err: error, part: 'triggers', flow: job.row.slug },
        'a poll was not recorded; asking again later',
      );
    }
  }

  async #recordFailure(job: PollJob, { error, waitsUntil }: FailedPoll): Promise<void> {
    const again = pollAgainAt({
      policy: job.node.retry,
      everySeconds: job.settings.everySeconds,
      failures: job.row.failures + 1,
      error,
      random: Math.random(),
      now: this.#options.now(),
    });
    await recordFailure(this.#options.pool, job.lease, { nextAt: waitsUntil ?? new Date(again), error });
  }

  #now(): Date {
    return new Date(this.#options.now());
  }
}
