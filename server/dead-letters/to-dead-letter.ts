import type { DeadLetter } from '#core/api/dead-letters.ts';
import type { Json } from '#core/json.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { isoTime } from '#server/runs/to-run-summary.ts';
import type { DeadLetterRow } from '#server/sql/select-dead-letters.ts';

/** A dead letter as the API shows it. */
export function toDeadLetter({ createdAtExact: _, ...row }: DeadLetterRow): DeadLetter {
  return {
    ...row,
    error: fromStoredJson((row.error ?? null) as Json) as DeadLetter['error'],
    createdAt: row.createdAt.toISOString(),
    redrivenAt: isoTime(row.redrivenAt),
    discardedAt: isoTime(row.discardedAt),
  };
}
