import type { RunSummary } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';
import type { Run } from '#prisma/generated/client.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';

/** What a summary is made of; `server/sql/select-runs.ts` names its columns like Prisma. */
export type RunSummaryRow = Pick<
  Run,
  | 'id'
  | 'flowSlug'
  | 'flowName'
  | 'versionNumber'
  | 'status'
  | 'startedBy'
  | 'createdAt'
  | 'startedAt'
  | 'finishedAt'
  | 'wakeAt'
  | 'replayOf'
  | 'compensation'
> & { readonly error: unknown; readonly businessKey: unknown };

/** A run as lists show it. */
export function toRunSummary(row: RunSummaryRow): RunSummary {
  return {
    id: row.id,
    flow: row.flowSlug,
    flowName: row.flowName,
    version: row.versionNumber,
    status: row.status,
    startedBy: row.startedBy as RunSummary['startedBy'],
    createdAt: row.createdAt.toISOString(),
    startedAt: isoTime(row.startedAt),
    finishedAt: isoTime(row.finishedAt),
    nextAttemptAt: row.status === 'waiting' ? isoTime(row.wakeAt) : null,
    error: fromStoredJson((row.error ?? null) as Json) as RunSummary['error'],
    replayOf: row.replayOf,
    businessKey: fromStoredJson((row.businessKey ?? null) as Json) as RunSummary['businessKey'],
    compensation: row.compensation as RunSummary['compensation'],
  };
}

/** ISO 8601 in UTC; null stays null. */
export function isoTime(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}
