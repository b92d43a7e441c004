import { STATUS_LOOK } from '#components/ui/status-badge.tsx';
import type { LedgerLine } from '#core/api/ledger.ts';
import { RUN_STATUSES } from '#core/api/words.ts';

/** One number of the equation. */
export interface Term {
  readonly label: string;
  readonly count: number;
}

/** Shown also while there are none: their absence says something. */
const ALWAYS: ReadonlySet<string> = new Set(['succeeded', 'failed']);

/** What the accepted events became, in the order of a run's life. Their sum is what was accepted, or something is wrong. */
export function termsOf({ runs, removed, quarantined, deduplicated }: LedgerLine): readonly Term[] {
  const statuses = RUN_STATUSES.filter((status) => runs[status] > 0 || ALWAYS.has(status));
  return [
    ...statuses.map((status) => ({ label: STATUS_LOOK[status].label.toLowerCase(), count: runs[status] })),
    ...(removed > 0 ? [{ label: 'removed', count: removed }] : []),
    { label: 'quarantined', count: quarantined },
    { label: deduplicated === 1 ? 'duplicate' : 'duplicates', count: deduplicated },
  ];
}
