import type { DeadLetterFilter, DeadLetterListQuery } from '#core/api/dead-letters.ts';
import { toDate } from '#server/db/to-date.ts';
import { runTextCondition, runTextValues } from '#server/sql/run-text.ts';
import { storableText } from '#server/sql/storable-text.ts';

/** Which dead letters of a workspace. */
export interface DeadLetterConditions {
  readonly workspaceId: string;
  readonly filter: DeadLetterFilter;
  readonly state: DeadLetterListQuery['state'];
}

/** Nobody dealt with it yet. Written as the partial index `dead_letter_open_idx` has it. */
export const OPEN = 'd.redriven_at IS NULL AND d.discarded_at IS NULL';

/**
 * The conditions on a dead letter `d` and its run `r`; they take the parameters of `deadLetterValues`, `$1` to `$12`. Postgres
 * folds those that are not asked for away, as long as the statement has no name.
 */
export const DEAD_LETTER_CONDITIONS = `d.workspace_id = $1
    AND ($2 = 'all' OR $2 = 'open' AND ${OPEN}
      OR $2 = 'redriven' AND d.redriven_at IS NOT NULL OR $2 = 'discarded' AND d.discarded_at IS NOT NULL)
    AND ($3::text IS NULL OR d.flow_slug = $3)
    AND ($4::text IS NULL OR d.node_id = $4 OR $4 = '' AND d.node_id IS NULL)
    AND ($5::text IS NULL OR d.error_kind = $5)
    AND ($6::text IS NULL OR d.cause = $6)
    AND ($7::timestamptz IS NULL OR d.created_at >= $7)
    AND ($8::timestamptz IS NULL OR d.created_at < $8)
    AND ($9::uuid[] IS NULL OR d.run_id = ANY ($9::uuid[]))
    AND ${runTextCondition(10)}`;

/** An empty text is no condition, as an empty field of a form is none; for the node it is a condition of its own. */
export function deadLetterValues({ workspaceId, filter, state }: DeadLetterConditions): unknown[] {
  return [
    workspaceId,
    state,
    storableText(filter.flow || undefined),
    storableText(filter.nodeId),
    storableText(filter.errorKind || undefined),
    storableText(filter.cause || undefined),
    toDate(filter.from),
    toDate(filter.to),
    filter.runIds,
    ...runTextValues(filter.q || undefined),
  ];
}
