import { queryString } from './client.ts';
import type { DeadLetterFilter } from '#core/api/dead-letters.ts';

export type DeadLetterState = 'open' | 'redriven' | 'discarded' | 'all';

/** What the dead letters are narrowed to. Times are ISO 8601. */
export interface DeadLetterView {
  readonly flow?: string;
  /** Empty: runs that failed as a whole. */
  readonly nodeId?: string;
  readonly errorKind?: string;
  readonly cause?: string;
  readonly q?: string;
  /** Those that failed no longer ago than so many milliseconds, counted back at each reading; wins over `from` and `to`. */
  readonly withinMs?: number;
  readonly from?: string;
  readonly to?: string;
  /** Default `open`. */
  readonly state?: DeadLetterState;
}

/** The filter as bulk actions take it: what is open, at fixed times. */
export function deadLetterFilter(view: DeadLetterView, nowMs: number): DeadLetterFilter {
  const { state: _state, withinMs, from, to, ...parts } = view;
  const since = withinMs === undefined ? from : new Date(nowMs - withinMs).toISOString();
  const until = withinMs === undefined ? to : undefined;
  const filter = { ...parts, from: since, to: until };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** `?flow=…` for a list. An empty `nodeId` is a filter of its own, so it is written out. */
export function deadLetterQuery(
  view: DeadLetterView,
  nowMs: number,
  page: Readonly<Record<string, string | number | null>> = {},
): string {
  const { nodeId, ...rest } = deadLetterFilter(view, nowMs);
  const query = queryString({ ...rest, state: view.state, ...page });
  if (nodeId === undefined) return query;
  return `${query}${query === '' ? '?' : '&'}nodeId=${encodeURIComponent(nodeId)}`;
}
