import { Cron } from 'croner';

/**
 * The next planned times of a cron expression of five fields (minute, hour, day, month, weekday), the first one after
 * `after`. Fewer than `count` when no more exist. Preview and firing both come from here. Throws for what `checkCron`
 * or `isTimeZone` refuse.
 *
 * When the clocks change:
 * - Minutes and hours given as numbers, lists or ranges (`30 2 * * *`, `0 9,17 * * *`) are times of day: each is met
 *   exactly once. One that the change leaves out is met at the first moment after the gap; of one that comes twice,
 *   the first counts.
 * - With `*` or a step in the minutes or the hours (every 15 minutes, every hour) they are an interval: it keeps its pace through an hour that
 *   comes twice, and what falls into the gap is not made up for.
 *
 * @example nextTicks('0 9 * * MON-FRI', 'Europe/Berlin', { after: new Date(), count: 3 })
 */
export function nextTicks(
  cron: string,
  timezone: string,
  { after, count }: { readonly after: Date; readonly count: number },
): Date[] {
  const compiled = compile(cron, timezone);
  const ticks: Date[] = [];
  for (let at = compiled.nextRun(after); at && ticks.length < count; at = compiled.nextRun(at))
    ticks.push(at);
  return ticks;
}

/** The last planned time after `after` and not after `until`; undefined when there is none. Quick over any distance. */
export function lastTick(
  cron: string,
  timezone: string,
  { after, until }: { readonly after: Date; readonly until: Date },
): Date | undefined {
  const compiled = compile(cron, timezone);
  let last = compiled.nextRun(after);
  if (!last || last > until) return undefined;
  let end = until.getTime();
  while (end - last.getTime() >= CLOSEST_MS) {
    const middle = Math.floor((last.getTime() + end) / 2);
    const next = compiled.nextRun(new Date(middle));
    if (next && next <= until) last = next;
    else end = middle;
  }
  return last;
}

/** Five fields know no seconds. */
const CLOSEST_MS = 60_000;

/** Never started: it only reckons. */
function compile(cron: string, timezone: string): Cron {
  return new Cron(cron.trim(), { timezone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });
}
