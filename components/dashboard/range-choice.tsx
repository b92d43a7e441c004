'use client';

import { cn } from '#components/ui/cn.ts';
import { STATS_RANGE_NAMES, STATS_RANGES, type StatsRange } from '#core/stats/time-points.ts';

/** Picks how far back the dashboard looks. */
export function RangeChoice({
  value,
  onChange,
}: {
  value: StatsRange;
  onChange: (range: StatsRange) => void;
}) {
  return (
    <div role="group" aria-label="Time" className="flex rounded-md border border-border bg-surface p-0.5">
      {STATS_RANGE_NAMES.map((range) => (
        <button
          key={range}
          type="button"
          aria-pressed={range === value}
          aria-label={STATS_RANGES[range].label}
          onClick={() => onChange(range)}
          className={cn(
            'h-6.5 cursor-pointer rounded-sm px-2.5 text-xs font-medium text-muted-foreground tabular-nums focus-ring-inset hover:text-foreground pointer-coarse:h-9',
            range === value && 'bg-muted-strong text-foreground',
          )}
        >
          {range.replace('h', ' h').replace('d', ' d')}
        </button>
      ))}
    </div>
  );
}
