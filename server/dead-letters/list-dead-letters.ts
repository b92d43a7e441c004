import type { Page } from '#core/api/common.ts';
import type { DeadLetter, DeadLetterListQuery } from '#core/api/dead-letters.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { toDeadLetter } from '#server/dead-letters/to-dead-letter.ts';
import { runPlaceSchema } from '#server/runs/run-place.ts';
import { selectDeadLetters } from '#server/sql/select-dead-letters.ts';

/** Runs of the workspace that ended failed, newest first, a page at a time. */
export async function listDeadLetters(
  workspaceId: string,
  { limit, cursor, state, ...filter }: DeadLetterListQuery,
): Promise<Page<DeadLetter>> {
  const after = decodeCursor(cursor, runPlaceSchema);
  const rows = await selectDeadLetters({ workspaceId, filter, state }, { after, limit: limit + 1 });
  const page = pageOf(rows, limit, (row) => ({ createdAt: row.createdAtExact, id: row.runId }));
  return { data: page.data.map(toDeadLetter), next: page.next };
}
