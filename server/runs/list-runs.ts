import { z } from 'zod';

import type { Page } from '#core/api/common.ts';
import type { RunListQuery, RunSummary } from '#core/api/runs.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { pool } from '#server/db/pool.ts';
import { toDate } from '#server/db/to-date.ts';
import { findSearch } from '#server/runs/find-search.ts';
import { runPlaceSchema } from '#server/runs/run-place.ts';
import { toRunSummary } from '#server/runs/to-run-summary.ts';
import { searchInTime } from '#server/runs/search-in-time.ts';
import { selectRuns, type RunFilter } from '#server/sql/select-runs.ts';

/** The workspace's runs, newest first, a page at a time; runs that arrive meanwhile do not shift the pages. */
export async function listRuns(workspaceId: string, query: RunListQuery): Promise<Page<RunSummary>> {
  const after = decodeCursor(query.cursor, runPlaceSchema);
  const search = await findSearch(workspaceId, query);
  const filter: RunFilter = {
    workspaceId,
    flow: query.flow || undefined,
    statuses: query.status?.length ? query.status : undefined,
    from: toDate(query.from),
    to: toDate(query.to),
    byEnd: query.by === 'ended',
    search,
    after,
    limit: query.limit + 1,
  };
  // A whole id is looked up; only what no run has for its id is sought everywhere, which takes long where runs are many.
  if (query.q !== undefined && query.as !== 'text' && isWholeId(query.q)) {
    const named = await selectRuns(pool(), { ...filter, search: undefined, runIds: [query.q.trim()] });
    if (named.length > 0) return { data: named.map(toRunSummary), next: null };
  }
  const isQuick = search === undefined || search.key !== undefined;
  const rows = isQuick
    ? await selectRuns(pool(), filter)
    : await searchInTime((client) => selectRuns(client, filter));
  const page = pageOf(rows, query.limit, (row) => ({ createdAt: row.createdAtExact, id: row.id }));
  return { data: page.data.map(toRunSummary), next: page.next };
}

function isWholeId(text: string): boolean {
  return z.uuid().safeParse(text.trim()).success;
}
