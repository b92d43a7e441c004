import type pg from 'pg';

import type { RunSummaryRow } from '#server/runs/to-run-summary.ts';
import { RUN_CONDITIONS, runConditionValues, type RunConditions } from '#server/sql/run-conditions.ts';

export interface RunFilter extends RunConditions {
  /** Runs older than this one. */
  readonly after?: { readonly createdAt: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** `createdAtExact`: to the microsecond, which a Date cannot hold and a cursor needs. */
export type SelectedRun = RunSummaryRow & { readonly createdAtExact: string };

/** Runs of a workspace, newest first. */
export async function selectRuns(
  database: Pick<pg.Pool | pg.ClientBase, 'query'>,
  filter: RunFilter,
): Promise<SelectedRun[]> {
  const { rows } = await database.query<SelectedRun>(SELECT_RUNS, [
    ...runConditionValues(filter),
    filter.after?.createdAt,
    filter.after?.id,
    filter.limit,
  ]);
  return rows;
}

const SELECT_RUNS = `
  SELECT r.id, r.flow_slug AS "flowSlug", r.flow_name AS "flowName", r.version_number AS "versionNumber", r.status,
    r.started_by AS "startedBy", r.created_at AS "createdAt", r.started_at AS "startedAt", r.finished_at AS "finishedAt",
    r.wake_at AS "wakeAt", r.error, r.replay_of AS "replayOf", r.compensation,
    r.business_key AS "businessKey",
    to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdAtExact"
  FROM run r
  WHERE ${RUN_CONDITIONS}
    AND ($15::timestamptz IS NULL OR (r.created_at, r.id) < ($15::timestamptz, $16::uuid))
  ORDER BY r.created_at DESC, r.id DESC
  LIMIT $17`;
