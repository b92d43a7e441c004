'use client';

import { formatClock, formatExact, formatRelative } from './format-time.ts';
import { useNow } from './use-now.ts';

/** A point in time, relative and kept current, with the exact one on hover. `exact` shows the clock instead. */
export function Time({ at, exact = false, className }: { at: string; exact?: boolean; className?: string }) {
  const now = useNow();
  const atMs = Date.parse(at);
  return (
    <time dateTime={at} title={formatExact(atMs)} className={className} suppressHydrationWarning>
      {exact ? formatClock(atMs, now) : formatRelative(atMs, now)}
    </time>
  );
}
