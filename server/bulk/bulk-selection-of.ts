import type { BulkActionRequest } from '#core/api/bulk-actions.ts';
import { toDate } from '#server/db/to-date.ts';
import { findSearch } from '#server/runs/find-search.ts';
import {
  selectionOfDeadLetters,
  selectionOfQuarantined,
  selectionOfRuns,
  type BulkSelection,
} from '#server/sql/bulk-selection.ts';

/** What a bulk action is asked to take: open dead letters, for a replay runs of one flow, for a release quarantined events. */
export async function bulkSelectionOf(
  workspaceId: string,
  request: BulkActionRequest,
): Promise<BulkSelection> {
  if (request.kind === 'release') return selectionOfQuarantined(workspaceId, request.filter.flow);
  if (request.kind !== 'replay') return selectionOfDeadLetters({ workspaceId, filter: request.filter });
  const { flow, status, from, to, runIds } = request.filter;
  return selectionOfRuns({
    workspaceId,
    flow,
    statuses: status?.length ? status : undefined,
    from: toDate(from),
    to: toDate(to),
    search: await findSearch(workspaceId, request.filter),
    runIds,
  });
}
