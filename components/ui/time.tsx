'use client';

import { formatClock, formatExact, formatRelative } from './format-time.ts';
import { useNow } from './use-now.ts';

export interface TimeProps {
  /** ISO 8601. */
  at: string;
  /** Shows the clock instead of the distance. */
  exact?: boolean;
  /** The time is still to come, such as that of the next attempt: counts down by the second. */
  upcoming?: boolean;
  className?: string;
}

/** A point in time, relative and kept current, with the exact one on hover. */
export function Time({ at, exact = false, upcoming = false, className }: TimeProps) {
  const tick = useNow(upcoming ? 1_000 : 15_000);
  const atMs = Date.parse(at);
  // What has happened is never ahead, though the tick is some seconds old and the server's clock may differ.
  const now = upcoming ? tick : Math.max(tick, atMs);
  return (
    <time dateTime={at} title={formatExact(atMs)} className={className} suppressHydrationWarning>
      {exact ? formatClock(atMs, now) : formatRelative(atMs, now)}
    </time>
  );
}
