import type { QuietHours } from '../api/alerts.ts';
import { nextTicks } from '../cron.ts';

/**
 * When a notice goes out: at once; or, after an earlier one of the same rule on the same channel, when the time to collect is over; and
 * not within the channel's quiet hours, unless it is urgent.
 */
export function noticeTime({
  now,
  lastDueAt,
  groupSeconds,
  quietHours,
  isUrgent,
}: {
  readonly now: Date;
  /** When the last notice was due; null without one. */
  readonly lastDueAt: Date | null;
  readonly groupSeconds: number;
  readonly quietHours: QuietHours | null;
  readonly isUrgent: boolean;
}): Date {
  const collected = lastDueAt === null ? 0 : lastDueAt.getTime() + groupSeconds * 1_000;
  const due = new Date(Math.max(now.getTime(), collected));
  return isUrgent || quietHours === null ? due : afterQuiet(quietHours, due);
}

/** The given time, or the end of the quiet hours that it falls into. The times are those of clocks there, through summer time. */
export function afterQuiet({ timezone, from, to }: QuietHours, at: Date): Date {
  const [begins] = nextTicks(dailyAt(from), timezone, { after: at, count: 1 });
  const [ends] = nextTicks(dailyAt(to), timezone, { after: at, count: 1 });
  // Quiet, if they end before they begin the next time.
  return begins && ends && ends < begins ? ends : at;
}

function dailyAt(time: string): string {
  const [hour, minute] = time.split(':').map(Number);
  return `${minute} ${hour} * * *`;
}
