/** Milliseconds since 1970 as if the wall clock of a place were UTC: what a person there would write down. */
export type WallMillis = number;

const DAY_MS = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the wall clock in a time zone (an IANA name) shows at an instant. Throws an Error for a zone that is not known. */
export function wallOf(instant: number, zone: string): WallMillis {
  if (zone === 'UTC') return instant;
  const shown: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(instant)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  wall.setUTCHours(hour, minute, second, ((instant % 1_000) + 1_000) % 1_000);
  return wall.getTime();
}

/**
 * The instant at which a wall clock shows a time. Of two (clocks are set back) the first; for a time that does not
 * occur (clocks are set forward), as much later as was skipped.
 */
export function instantOf(wall: WallMillis, zone: string): number {
  if (zone === 'UTC') return wall;
  const before = wallOf(wall - DAY_MS, zone) - (wall - DAY_MS);
  const after = wallOf(wall + DAY_MS, zone) - (wall + DAY_MS);
  const found = [wall - before, wall - after].find((instant) => wallOf(instant, zone) === wall);
  return found ?? wall - before;
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const clock = makeClock(zone);
  // Zone names are few; expressions that make names up must not fill the memory.
  if (clocks.size > 600) clocks.clear();
  clocks.set(zone, clock);
  return clock;
}

function makeClock(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-u-ca-iso8601', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new Error(`"${zone.slice(0, 60)}" is not a time zone. Write one such as Europe/Zurich or UTC`, {
      cause,
    });
  }
}
