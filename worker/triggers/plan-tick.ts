import { lastTick, nextTicks } from '#core/cron.ts';

/** How late a tick may be and still count as met. */
export const GRACE_MS = 60_000;

const NEVER = new Date('9999-12-31T00:00:00Z');

export interface ClockState {
  readonly cron: string;
  readonly timezone: string;
  /** `once` or `skip`. */
  readonly missed: string;
  /** A planned time that has come. */
  readonly nextAt: Date;
}

/**
 * What a clock that is due does now: the planned time that a run is started for, if any, and the next one. Of several times
 * that were missed only the last counts; with `skip` it, too, is left out once it is a minute old.
 */
export function planTick(
  clock: ClockState,
  now: Date,
): { readonly fireAt: Date | null; readonly nextAt: Date } {
  const { cron, timezone, nextAt: due } = clock;
  const after = new Date(due.getTime() - 1);
  const last = lastTick(cron, timezone, { after, until: now }) ?? due;
  const isTooLate = clock.missed === 'skip' && now.getTime() - last.getTime() > GRACE_MS;
  const [next = NEVER] = nextTicks(cron, timezone, { after: now, count: 1 });
  return { fireAt: isTooLate ? null : last, nextAt: next };
}
