import type { Page } from '#core/api/common.ts';
import type { DeadLetter, DeadLetterListQuery } from '#core/api/dead-letters.ts';
import type { Json } from '#core/json.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { toDate } from '#server/db/to-date.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { runPlaceSchema } from '#server/runs/run-place.ts';
import { isoTime } from '#server/runs/to-run-summary.ts';
import { selectDeadLetters, type DeadLetterRow } from '#server/sql/select-dead-letters.ts';

/** Every run of the workspace that ended failed, newest first, a page at a time. */
export async function listDeadLetters(
  workspaceId: string,
  query: DeadLetterListQuery,
): Promise<Page<DeadLetter>> {
  const after = decodeCursor(query.cursor, runPlaceSchema);
  if (query.flow?.includes('\0')) return { data: [], next: null };
  const { limit } = query;
  const rows = await selectDeadLetters({
    workspaceId,
    flow: query.flow || undefined,
    from: toDate(query.from),
    to: toDate(query.to),
    state: query.state,
    after,
    limit: limit + 1,
  });
  const page = pageOf(rows, limit, (row) => ({ createdAt: row.createdAtExact, id: row.runId }));
  return { data: page.data.map(toDeadLetter), next: page.next };
}

function toDeadLetter({ createdAtExact: _, ...row }: DeadLetterRow): DeadLetter {
  return {
    ...row,
    error: fromStoredJson((row.error ?? null) as Json) as DeadLetter['error'],
    createdAt: row.createdAt.toISOString(),
    redrivenAt: isoTime(row.redrivenAt),
    discardedAt: isoTime(row.discardedAt),
  };
}
