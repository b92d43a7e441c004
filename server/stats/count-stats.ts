import { inClientTransaction } from '#server/db/client-transaction.ts';
import { addUp, countMinutes } from '#server/sql/count-stats.ts';
import { findMiscounted, forgetOldStats, lockStatMark, moveStatMark } from '#server/sql/stat-marks.ts';

const MINUTE = 60_000;
/** A minute is counted for good so long after it was over: what ended in it is written by then, as a rule. */
const SETTLES_MS = MINUTE;
/** The longest part of the past that is counted in one transaction. */
const CHUNK_MS = 60 * MINUTE;
/** How far back the counts are held against the runs, and how often: a run whose end was told late is found so. */
const CHECKED_MS = 6 * 60 * MINUTE;
const CHECK_EVERY_MS = 5 * MINUTE;
/** What another process counted so short a time ago is not counted again. */
const REST_MS = 4_000;

export interface CountOptions {
  readonly isDue?: boolean;
  readonly isChecked?: boolean;
}

export interface Counting {
  /** False while another process counts, or just did. */
  readonly isDone: boolean;
  /** True while there is more of the past to count: call again. */
  readonly isMore: boolean;
}

/**
 * Counts the statistics from the runs, up to now; the time that is not settled yet is counted anew each time. However often it is
 * called and whoever dies in between, the counts come out the same: a minute is forgotten and counted in one transaction.
 *
 * @param options.isDue true: count now, though somebody did a moment ago. Default false.
 * @param options.isChecked true: hold the last hours against the runs now. Default: every 5 minutes.
 */
export function countStats(options: CountOptions = {}): Promise<Counting> {
  return inClientTransaction(async (client) => {
    // A little of large tables is read by index: plans made while the tables were small, or unknown, would read all of them.
    await client.query(
      'SET LOCAL jit = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off',
    );
    const { isDue = false, isChecked = false } = options;
    const rests = { restMs: isDue ? 0 : REST_MS, checkMs: isChecked ? 0 : CHECK_EVERY_MS };
    const mark = await lockStatMark(client, rests);
    if (!mark) return { isDone: false, isMore: false };
    const from = mark.until.getTime();
    const end = (Math.floor(mark.now.getTime() / MINUTE) + 2) * MINUTE;
    const to = Math.min(end, (Math.floor(from / CHUNK_MS) + 1) * CHUNK_MS + 2 * MINUTE);
    const until = Math.max(from, Math.min(to, floorMinute(mark.now.getTime() - SETTLES_MS)));
    await countMinutes(client, { from: new Date(from), to: new Date(to) });
    await addUp(client, { from: new Date(from), to: new Date(until) }, new Date(until));
    // Of a past that is counted late, the minutes have served.
    if (until < mark.now.getTime() - CHECKED_MS) await forgetOldStats(client);
    if (mark.isCheckDue) {
      await recount(mark.now, new Date(until));
      await forgetOldStats(client);
    }
    await moveStatMark(client, { until: new Date(until), isChecked: mark.isCheckDue });
    return { isDone: true, isMore: to < end };

    async function recount(now: Date, settled: Date): Promise<void> {
      const since = new Date(floorMinute(now.getTime() - CHECKED_MS));
      const minutes = await findMiscounted(client, since);
      for (const at of minutes) await countMinutes(client, { from: at, to: minuteAfter(at) });
      const [first, last] = [minutes[0], minutes.at(-1)];
      if (first && last) await addUp(client, { from: first, to: minuteAfter(last) }, settled);
    }
  });
}

function minuteAfter(at: Date): Date {
  return new Date(at.getTime() + MINUTE);
}

function floorMinute(ms: number): number {
  return Math.floor(ms / MINUTE) * MINUTE;
}
