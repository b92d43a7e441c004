import type { Page } from '#core/api/common.ts';
import type { RunChange, RunStatus, RunSummary } from '#core/api/runs.ts';

export interface LoadedRuns {
  readonly pages: readonly Page<RunSummary>[];
  readonly pageParams: readonly unknown[];
}

export interface MergedRuns {
  readonly runs: LoadedRuns;
  /** True when a run further down changed too: only reading all loaded pages again shows how. */
  readonly isPartial: boolean;
}

export interface RunMerge {
  readonly loaded: LoadedRuns;
  /** The list's first page, read again. */
  readonly fresh: Page<RunSummary>;
  readonly changes: readonly RunChange[];
  /** The statuses that the list is narrowed to; undefined: all. */
  readonly statuses: readonly RunStatus[] | undefined;
}

/**
 * Takes a fresh first page into a list of which several pages are loaded, without reading those again and without losing
 * the reader's place. Starts over from the fresh page when so many runs are new that the two do not meet.
 */
export function mergeRuns({ loaded, fresh, changes, statuses }: RunMerge): MergedRuns {
  const old = loaded.pages.flatMap((page) => page.data);
  const freshIds = new Set(fresh.data.map((run) => run.id));
  const meets = fresh.next === null || old.some((run) => freshIds.has(run.id));
  if (loaded.pages.length <= 1 || !meets) return { runs: startingWith(fresh), isPartial: false };

  const changed = new Map(changes.map((change) => [change.id, change.status]));
  const last = fresh.data.at(-1);
  const isKept = (run: RunSummary) =>
    !freshIds.has(run.id) &&
    (last === undefined || isOlder(run, last)) &&
    stillMatches(changed.get(run.id), statuses);
  const [first, second, ...rest] = loaded.pages.map((page) => ({ ...page, data: page.data.filter(isKept) }));
  // What the fresh page has pushed down goes on top of the second page, so that the count of pages stays.
  const pushed = { data: [...(first?.data ?? []), ...(second?.data ?? [])], next: second?.next ?? null };
  return {
    runs: { pages: [fresh, pushed, ...rest], pageParams: loaded.pageParams },
    isPartial: [pushed, ...rest].some((page) => page.data.some((run) => changed.has(run.id))),
  };
}

function startingWith(page: Page<RunSummary>): LoadedRuns {
  return { pages: [page], pageParams: [null] };
}

function isOlder(run: RunSummary, other: RunSummary): boolean {
  return run.createdAt === other.createdAt ? run.id < other.id : run.createdAt < other.createdAt;
}

function stillMatches(status: RunStatus | undefined, statuses: readonly RunStatus[] | undefined): boolean {
  return status === undefined || statuses === undefined || statuses.length === 0 || statuses.includes(status);
}
