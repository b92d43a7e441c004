import type { RunStatus } from '#core/api/runs.ts';
import { runTextCondition, runTextValues } from '#server/sql/run-text.ts';
import { storableText } from '#server/sql/storable-text.ts';

/** Which runs of a workspace. Every part narrows; absent parts do not. */
export interface RunConditions {
  readonly workspaceId: string;
  readonly flow?: string | undefined;
  readonly statuses?: readonly RunStatus[] | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  readonly text?: string | undefined;
  readonly runIds?: readonly string[] | undefined;
}

/** The conditions on a run `r`; they take the parameters of `runConditionValues`, `$1` to `$9`. */
export const RUN_CONDITIONS = `r.workspace_id = $1
    AND ($2::text IS NULL OR r.flow_slug = $2)
    AND ($3::run_status[] IS NULL OR r.status = ANY ($3::run_status[]))
    AND ($4::timestamptz IS NULL OR r.created_at >= $4)
    AND ($5::timestamptz IS NULL OR r.created_at < $5)
    AND ($6::uuid[] IS NULL OR r.id = ANY ($6::uuid[]))
    AND ${runTextCondition(7)}`;

export function runConditionValues(filter: RunConditions): unknown[] {
  return [
    filter.workspaceId,
    storableText(filter.flow),
    filter.statuses,
    filter.from,
    filter.to,
    filter.runIds,
    ...runTextValues(filter.text),
  ];
}
