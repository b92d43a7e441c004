import type { RunStatus } from '#core/api/runs.ts';

/** What the list of runs is narrowed to. Times are ISO 8601. */
export interface RunFilter {
  readonly flow?: string;
  readonly status?: readonly RunStatus[];
  readonly q?: string;
  /** `text`: `q` is a text, whatever it looks like. */
  readonly as?: 'text';
  /** Runs no older than so many milliseconds, counted back at each reading; wins over `from` and `to`. */
  readonly withinMs?: number;
  readonly from?: string;
  readonly to?: string;
  /** `ended`: the time is of when runs ended, not of when they were accepted. */
  readonly by?: 'ended';
}

/** The filter as the API takes it. */
export function runListQuery({ withinMs, from, to, ...rest }: RunFilter, nowMs: number) {
  if (withinMs === undefined) return { ...rest, from, to };
  return { ...rest, from: new Date(nowMs - withinMs).toISOString(), to: undefined };
}
