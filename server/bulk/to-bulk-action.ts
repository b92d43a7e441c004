import type { BulkAction } from '#core/api/bulk-actions.ts';
import { runStatusSchema } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { isoTime } from '#server/runs/to-run-summary.ts';
import type { BulkActionRow } from '#server/sql/bulk-actions.ts';

/** A reply need not carry ten thousand ids, each time that somebody looks how far it is. */
const SHOWN_IDS = 20;

/** A bulk action as the API shows it. */
export function toBulkAction({ createdAtExact: _, ...row }: BulkActionRow): BulkAction {
  const results = Object.fromEntries(
    runStatusSchema.options.map((status) => [status, row.results?.[status] ?? 0]),
  );
  return {
    ...row,
    filter: shortened(fromStoredJson(row.filter as Json) as BulkAction['filter']),
    options: fromStoredJson(row.options as Json) as BulkAction['options'],
    counts: { pending: 0, done: 0, skipped: 0, failed: 0, ...row.counts },
    results: results as BulkAction['results'],
    createdAt: row.createdAt.toISOString(),
    finishedAt: isoTime(row.finishedAt),
  };
}

function shortened(filter: BulkAction['filter']): BulkAction['filter'] {
  const { runIds } = filter;
  return Array.isArray(runIds) ? { ...filter, runIds: runIds.slice(0, SHOWN_IDS) } : filter;
}
