import type { BulkActionRequest } from '#core/api/bulk-actions.ts';
import { toDate } from '#server/db/to-date.ts';
import { selectionOfDeadLetters, selectionOfRuns, type BulkSelection } from '#server/sql/bulk-selection.ts';

/** The runs that a bulk action is asked to take: open dead letters, or for a replay runs of one flow. */
export function bulkSelectionOf(workspaceId: string, request: BulkActionRequest): BulkSelection {
  if (request.kind !== 'replay') return selectionOfDeadLetters({ workspaceId, filter: request.filter });
  const { flow, status, from, to, q, runIds } = request.filter;
  return selectionOfRuns({
    workspaceId,
    flow,
    statuses: status?.length ? status : undefined,
    from: toDate(from),
    to: toDate(to),
    text: q || undefined,
    runIds,
  });
}
