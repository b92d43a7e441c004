import type { RunStatus } from '#core/api/runs.ts';

/** What the list of runs is narrowed to. Times are ISO 8601. */
export interface RunFilter {
  readonly flow?: string;
  readonly status?: readonly RunStatus[];
  readonly q?: string;
  readonly from?: string;
  readonly to?: string;
}
