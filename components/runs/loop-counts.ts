import type { Counts } from '#core/api/loops.ts';
import type { StepStatus } from '#core/api/runs.ts';

/** The statuses, that which people must know of first. */
const BY_WEIGHT = ['in_doubt', 'failed', 'running', 'waiting', 'succeeded', 'cancelled', 'skipped'] as const;

/** How many there are that have come to their end. */
export function settledCount(counts: Counts): number {
  return counts.succeeded + counts.failed + counts.skipped + counts.cancelled;
}

/** The status that stands for many: the one that people must know of; undefined when nothing began. */
export function heaviestStatus(counts: Counts): StepStatus | undefined {
  return BY_WEIGHT.find((status) => counts[status] > 0);
}

/** `9,980 of 10,000 done · 10 failed · 3 waiting`; `items` null where nobody knows how many there will be. */
export function countsInWords(counts: Counts, items: number | null): string {
  const settled = settledCount(counts);
  const parts = [
    items === null ? `${formatCount(settled)} done` : `${formatCount(settled)} of ${formatCount(items)} done`,
    counts.failed > 0 && `${formatCount(counts.failed)} failed`,
    counts.in_doubt > 0 && `${formatCount(counts.in_doubt)} in doubt`,
    counts.waiting > 0 && `${formatCount(counts.waiting)} waiting`,
    counts.running > 0 && `${formatCount(counts.running)} running`,
  ];
  return parts.filter((part) => part !== false).join(' · ');
}

function formatCount(count: number): string {
  return count.toLocaleString('en');
}
