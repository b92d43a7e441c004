/** The ranges that the dashboard shows, and into what parts it cuts them: minutes of real time, or hours of the wall clock. */
export const STATS_RANGES = {
  '1h': { label: 'Last hour', hours: 1, part: { minutes: 1 } },
  '24h': { label: 'Last 24 hours', hours: 24, part: { minutes: 30 } },
  '7d': { label: 'Last 7 days', hours: 7 * 24, part: { wallHours: 6 } },
  '30d': { label: 'Last 30 days', hours: 30 * 24, part: { wallHours: 24 } },
  '90d': { label: 'Last 90 days', hours: 90 * 24, part: { wallHours: 24 } },
} as const;

export type StatsRange = keyof typeof STATS_RANGES;
export const STATS_RANGE_NAMES = Object.keys(STATS_RANGES) as [StatsRange, ...StatsRange[]];

/** From `from` on and before `to`, in milliseconds since 1970. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;

/**
 * The parts of a range that ends now, oldest first. Days are those of the time zone: one of 23 or 25 hours where its clocks change.
 * The range begins where its first part begins, so that no part but the last is cut; it ends with the minute, or the quarter of an
 * hour, that is under way.
 *
 * @param timeZone an IANA name; throws RangeError for what is none.
 */
export function timePoints(range: StatsRange, now: number, timeZone: string): TimeSpan[] {
  const { hours, part } = STATS_RANGES[range];
  // Single minutes are kept for a week: what lies further back, as the range before does, begins and ends with quarters of an hour.
  const step = 'minutes' in part ? MINUTE : QUARTER;
  const end = Math.floor(now / step) * step + step;
  const starts =
    'minutes' in part
      ? steadyStarts(end - hours * HOUR, end, part.minutes * MINUTE)
      : wallStarts(end, hours / 24, { timeZone, wallHours: part.wallHours });
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? end }));
}

/** The range before one, as long in real time. */
export function spanBefore({ from, to }: TimeSpan): TimeSpan {
  return { from: from - (to - from), to: from };
}

function steadyStarts(from: number, end: number, length: number): number[] {
  const starts: number[] = [];
  for (let at = Math.ceil(from / length) * length; at < end; at += length) starts.push(at);
  return starts;
}

/** Every so many hours of the wall clock, from midnight so many days ago on, today being one of them. */
function wallStarts(end: number, days: number, wall: { timeZone: string; wallHours: number }): number[] {
  const clock = wallClock(wall.timeZone);
  const today = clock(end - 1);
  const starts: number[] = [];
  for (let day = 1 - days; day <= 0; day += 1) {
    for (let hour = 0; hour < 24; hour += wall.wallHours) {
      const at = instantOf(
        Math.floor(today / (24 * HOUR)) * 24 * HOUR + day * 24 * HOUR + hour * HOUR,
        clock,
      );
      if (at < end && at > (starts.at(-1) ?? -Infinity)) starts.push(at);
    }
  }
  return starts;
}

/** What the wall clock shows at an instant, as if it were UTC. */
type WallClock = (instant: number) => number;

function wallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  // Asking costs ten microseconds, and days that follow each other ask for the same.
  const known = new Map<number, number>();
  return (instant) => {
    const found = known.get(instant) ?? read(instant);
    known.set(instant, found);
    return found;
  };

  function read(instant: number): number {
    const parts = Object.fromEntries(
      format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }
}

/** The first instant at which the wall clock shows this time, or a later one where clocks skip it. To the minute. */
function instantOf(wallTime: number, clock: WallClock): number {
  const offsetAt = (instant: number) => clock(instant) - instant;
  const guess = wallTime - offsetAt(wallTime);
  const offset = offsetAt(guess - 24 * HOUR);
  // No change within a day of it, as nearly always.
  if (offset === offsetAt(guess + 24 * HOUR)) return wallTime - offset;
  // No zone is further than this from UTC; the wall clock is behind at the one end and there at the other.
  let [behind, there] = [wallTime - 16 * HOUR, wallTime + 16 * HOUR];
  // Where clocks are put back the wall clock is not monotonous, but by an hour or two: look at the earliest crossing.
  for (const hours of [-3, -2, -1, 0, 1, 2, 3]) {
    const at = guess + hours * HOUR;
    if (clock(at) < wallTime) behind = Math.max(behind, at);
    else {
      there = at;
      break;
    }
  }
  while (there - behind > MINUTE) {
    const middle = Math.floor((behind + there) / 2 / MINUTE) * MINUTE;
    if (middle <= behind) break;
    if (clock(middle) < wallTime) behind = middle;
    else there = middle;
  }
  return there;
}
