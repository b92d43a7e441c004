/** The stretches of time that the list of runs can be narrowed to with one choice, in milliseconds. */
export const TIME_RANGES = {
  '15m': { label: 'Last 15 minutes', ms: 15 * 60_000 },
  '1h': { label: 'Last hour', ms: 3_600_000 },
  '24h': { label: 'Last 24 hours', ms: 24 * 3_600_000 },
  '7d': { label: 'Last 7 days', ms: 7 * 24 * 3_600_000 },
  '30d': { label: 'Last 30 days', ms: 30 * 24 * 3_600_000 },
} as const;

export type TimeRange = keyof typeof TIME_RANGES;
export const TIME_RANGE_NAMES = Object.keys(TIME_RANGES) as TimeRange[];

export interface TimeWindow {
  /** A choice counted back from now; wins over `from` and `to`. */
  readonly range: TimeRange | null;
  /** ISO 8601. */
  readonly from: string | null;
  readonly to: string | null;
}

/** The window as the filter of the list has it; what is not a time is left out. */
export function resolveWindow({ range, from, to }: TimeWindow): {
  withinMs?: number;
  from?: string;
  to?: string;
} {
  if (range !== null) return { withinMs: TIME_RANGES[range].ms };
  return { from: isoOrUndefined(from), to: isoOrUndefined(to) };
}

/** The value of a `datetime-local` field for an ISO time, in the browser's zone; empty for null. */
export function toLocalField(iso: string | null): string {
  const ms = iso === null ? NaN : Date.parse(iso);
  if (Number.isNaN(ms)) return '';
  const offsetMs = new Date(ms).getTimezoneOffset() * 60_000;
  return new Date(ms - offsetMs).toISOString().slice(0, 16);
}

/** The ISO time of a `datetime-local` field; null when it is empty or not a time. */
export function fromLocalField(text: string): string | null {
  const ms = text === '' ? NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function isoOrUndefined(text: string | null): string | undefined {
  return text !== null && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined;
}
