'use client';

import { cn } from '#components/ui/cn.ts';
import { formatClock } from '#components/ui/format-time.ts';
import { useNow } from '#components/ui/use-now.ts';

import { peakOf } from './cause-words.ts';

export interface TimeBarsProps {
  readonly buckets: readonly { readonly at: string; readonly count: number }[];
  readonly className?: string;
}

/** How many failed when: a bar for each part of the time. */
export function TimeBars({ buckets, className }: TimeBarsProps) {
  const now = useNow(60_000);
  const peak = peakOf(buckets);
  const highest = peak?.count ?? 1;
  const clock = (at: string) => formatClock(Date.parse(at), now).replace(/:\d\d$/, '');
  const words = peak === null ? 'None in this time' : `Most from ${clock(peak.at)} on: ${peak.count}`;
  return (
    <div
      role="img"
      aria-label={words}
      className={cn('flex h-8 items-end gap-px', className)}
      suppressHydrationWarning
    >
      {buckets.map(({ at, count }) => (
        <span
          key={at}
          title={`From ${clock(at)}: ${count.toLocaleString('en')}`}
          style={{ height: count === 0 ? '2px' : `max(3px, ${(count / highest) * 100}%)` }}
          className={cn('min-w-0.5 flex-1 rounded-t-xs', count === 0 ? 'bg-muted-strong' : 'bg-danger-fill')}
        />
      ))}
    </div>
  );
}
