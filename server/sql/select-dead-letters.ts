import { pool } from '#server/db/pool.ts';
import {
  DEAD_LETTER_CONDITIONS,
  deadLetterValues,
  type DeadLetterConditions,
} from '#server/sql/dead-letter-conditions.ts';

export interface DeadLetterRow {
  readonly runId: string;
  readonly flow: string;
  readonly flowName: string;
  readonly version: number | null;
  readonly nodeId: string | null;
  readonly cause: string;
  readonly error: unknown;
  readonly createdAt: Date;
  /** To the microsecond, which a Date cannot hold and a cursor needs. */
  readonly createdAtExact: string;
  readonly redrivenAt: Date | null;
  readonly discardedAt: Date | null;
  readonly discardReason: string | null;
}

export interface DeadLetterPage {
  /** Those older than this one. */
  readonly after?: { readonly createdAt: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** Runs that ended failed, newest first. */
export async function selectDeadLetters(
  conditions: DeadLetterConditions,
  page: DeadLetterPage,
): Promise<DeadLetterRow[]> {
  const { rows } = await pool().query<DeadLetterRow>(
    `SELECT d.run_id AS "runId", r.flow_slug AS flow, r.flow_name AS "flowName", r.version_number AS version,
       d.node_id AS "nodeId", d.cause, r.error, d.created_at AS "createdAt", d.redriven_at AS "redrivenAt",
       d.discarded_at AS "discardedAt", d.discard_reason AS "discardReason",
       to_char(d.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdAtExact"
     FROM dead_letter d JOIN run r ON r.id = d.run_id
     WHERE ${DEAD_LETTER_CONDITIONS}
       AND ($13::timestamptz IS NULL OR (d.created_at, d.run_id) < ($13::timestamptz, $14::uuid))
     ORDER BY d.created_at DESC, d.run_id DESC
     LIMIT $15`,
    [...deadLetterValues(conditions), page.after?.createdAt, page.after?.id, page.limit],
  );
  return rows;
}
