import type { Page } from '#core/api/common.ts';
import type { RunListQuery, RunSummary } from '#core/api/runs.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { toDate } from '#server/db/to-date.ts';
import { runPlaceSchema } from '#server/runs/run-place.ts';
import { toRunSummary } from '#server/runs/to-run-summary.ts';
import { selectRuns } from '#server/sql/select-runs.ts';

/** The workspace's runs, newest first, a page at a time; runs that arrive meanwhile do not shift the pages. */
export async function listRuns(workspaceId: string, query: RunListQuery): Promise<Page<RunSummary>> {
  const after = decodeCursor(query.cursor, runPlaceSchema);
  const rows = await selectRuns({
    workspaceId,
    flow: query.flow || undefined,
    statuses: query.status?.length ? query.status : undefined,
    from: toDate(query.from),
    to: toDate(query.to),
    text: query.q || undefined,
    after,
    limit: query.limit + 1,
  });
  const page = pageOf(rows, query.limit, (row) => ({ createdAt: row.createdAtExact, id: row.id }));
  return { data: page.data.map(toRunSummary), next: page.next };
}
