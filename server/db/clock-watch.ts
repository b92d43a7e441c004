import { DatabaseClock } from '#server/db/database-clock.ts';
import { pool } from '#server/db/pool.ts';
import { log } from '#server/log.ts';

const LOOK_MS = 10_000;
/** From here on people are told. */
const SKEW_MS = 5_000;

interface Watch {
  readonly clock: DatabaseClock;
  timer: NodeJS.Timeout | undefined;
  /** How far this machine's clock is ahead of the database's at the last look. */
  skewMs: number;
}

/** One a process, also where a bundler loads this module twice. */
const holder = globalThis as typeof globalThis & { patchbayClockWatch?: Watch };

/**
 * The database's time in milliseconds since 1970, without asking it: for what must not go by a machine's own clock, such as
 * the age of a signature. Before `watchClock` was called, and until the database answered once, the machine's own.
 */
export function databaseNow(): number {
  return watch().clock.now();
}

/** Seconds that this machine's clock is ahead of the database's. */
export function clockSkewSeconds(): number {
  return watch().skewMs / 1_000;
}

/** Looks at the database's clock now and every 10 s; says so in the log while this machine's differs by more than 5 s. */
export async function watchClock(): Promise<void> {
  watch().timer ??= setInterval(() => void look(), LOOK_MS).unref();
  await look();
}

export function stopWatchingClock(): void {
  clearInterval(watch().timer);
  watch().timer = undefined;
}

function watch(): Watch {
  return (holder.patchbayClockWatch ??= { clock: new DatabaseClock(), timer: undefined, skewMs: 0 });
}

async function look(): Promise<void> {
  const found = watch();
  const askedAt = performance.now();
  try {
    const { rows } = await pool().query<{ now: Date }>('select clock_timestamp() as now');
    found.clock.observe(rows[0]!.now, askedAt);
  } catch (error) {
    log.debug({ err: error, part: 'clock' }, 'the clock of the database could not be read');
    return;
  }
  found.skewMs = Date.now() - found.clock.now();
  if (Math.abs(found.skewMs) > SKEW_MS)
    log.warn(
      { part: 'clock', skewSeconds: Math.round(clockSkewSeconds()) },
      "This machine's clock differs from the database's, which counts for signatures and all timers: set it right",
    );
}
