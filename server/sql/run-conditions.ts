import type { RunStatus } from '#core/api/runs.ts';
import type { FieldTerm } from '#core/run-search/parse-field.ts';
import type { KeyTerm } from '#core/run-search/parse-run-search.ts';
import { runFieldsCondition, runFieldsValue } from '#server/sql/run-fields.ts';
import { runTextCondition, runTextValues } from '#server/sql/run-text.ts';
import { storableText } from '#server/sql/storable-text.ts';

/** What runs are searched for: those with a business key, or those with all of some fields or with a text. */
export interface SearchConditions {
  readonly key?: KeyTerm;
  readonly fields?: readonly FieldTerm[];
  readonly text?: string;
}

/** Which runs of a workspace. Every part narrows; absent parts do not. */
export interface RunConditions {
  readonly workspaceId: string;
  readonly flow?: string | undefined;
  readonly statuses?: readonly RunStatus[] | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  /** True: `from` and `to` are of when runs ended. Default false: of when they were accepted. */
  readonly byEnd?: boolean | undefined;
  readonly search?: SearchConditions | undefined;
  readonly runIds?: readonly string[] | undefined;
}

/**
 * The conditions on a run `r`; they take the parameters of `runConditionValues`, `$1` to `$14`. Postgres folds those that are not
 * asked for away, as long as the statement has no name.
 */
export const RUN_CONDITIONS = `r.workspace_id = $1
    AND ($2::text IS NULL OR r.flow_slug = $2)
    AND ($3::run_status[] IS NULL OR r.status = ANY ($3::run_status[]))
    AND ($4::timestamptz IS NULL OR r.created_at >= $4)
    AND ($5::timestamptz IS NULL OR r.created_at < $5)
    AND ($13::timestamptz IS NULL OR r.finished_at >= $13)
    AND ($14::timestamptz IS NULL OR r.finished_at < $14)
    AND ($6::uuid[] IS NULL OR r.id = ANY ($6::uuid[]))
    AND ($10::text IS NULL OR r.business_key IS NOT NULL AND lower(r.business_key ->> 'value') = lower($10))
    AND ($11::text IS NULL OR lower(r.business_key ->> 'name') = lower($11))
    AND ($12::jsonb IS NULL AND ${runTextCondition(7)}
      OR $12::jsonb IS NOT NULL AND (${runFieldsCondition(12)} OR $7::bytea IS NOT NULL AND ${runTextCondition(7)}))`;

export function runConditionValues({ search, byEnd = false, ...filter }: RunConditions): unknown[] {
  return [
    filter.workspaceId,
    storableText(filter.flow),
    filter.statuses,
    byEnd ? undefined : filter.from,
    // What ended before was accepted before, too: so that the newest runs need not be looked at.
    filter.to,
    filter.runIds,
    ...runTextValues(search?.text),
    storableText(search?.key?.value),
    storableText(search?.key?.name ?? undefined),
    runFieldsValue(search?.fields ?? []),
    byEnd ? filter.from : undefined,
    byEnd ? filter.to : undefined,
  ];
}
