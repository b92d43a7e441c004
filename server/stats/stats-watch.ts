import { RecurringLook } from '#server/recurring-look.ts';
import { countStats } from '#server/stats/count-stats.ts';

const COUNT_MS = 5_000;
/** Counting may take a twentieth of the time at most, however much there is to count. */
const REST = 20;
/** Between the parts of a past that was never counted: it is not urgent, but somebody may look at it. */
const PAST = { pauseMs: 0, rest: 1 };

/** Counts the statistics every few seconds for as long as the process runs; all web processes together do it once. */
export class StatsWatch extends RecurringLook {
  constructor() {
    super({
      look: async () => ((await countStats()).isMore ? PAST : {}),
      pauseMs: COUNT_MS,
      rest: REST,
      part: 'stats',
      trouble: 'the statistics cannot be counted',
    });
  }
}
