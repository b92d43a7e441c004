import type { DeadLetterListQuery } from '#core/api/dead-letters.ts';
import { pool } from '#server/db/pool.ts';

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

export interface DeadLetterFilter {
  readonly workspaceId: string;
  readonly flow?: string;
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  readonly state: DeadLetterListQuery['state'];
  readonly after?: { readonly createdAt: string; readonly id: string };
  readonly limit: number;
}

/** Runs that ended failed, newest first. */
export async function selectDeadLetters(filter: DeadLetterFilter): Promise<DeadLetterRow[]> {
  const { rows } = await pool().query<DeadLetterRow>(
    `SELECT d.run_id AS "runId", r.flow_slug AS flow, r.flow_name AS "flowName", r.version_number AS version,
       d.node_id AS "nodeId", d.cause, r.error, d.created_at AS "createdAt", d.redriven_at AS "redrivenAt",
       d.discarded_at AS "discardedAt", d.discard_reason AS "discardReason",
       to_char(d.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdAtExact"
     FROM dead_letter d JOIN run r ON r.id = d.run_id
     WHERE d.workspace_id = $1
       AND ($2::text IS NULL OR d.flow_slug = $2)
       AND ($3::timestamptz IS NULL OR d.created_at >= $3)
       AND ($4::timestamptz IS NULL OR d.created_at < $4)
       AND ($5::timestamptz IS NULL OR (d.created_at, d.run_id) < ($5::timestamptz, $6::uuid))
       AND ($8 = 'all'
         OR $8 = 'open' AND d.redriven_at IS NULL AND d.discarded_at IS NULL
         OR $8 = 'redriven' AND d.redriven_at IS NOT NULL
         OR $8 = 'discarded' AND d.discarded_at IS NOT NULL)
     ORDER BY d.created_at DESC, d.run_id DESC
     LIMIT $7`,
    [
      filter.workspaceId,
      filter.flow,
      filter.from,
      filter.to,
      filter.after?.createdAt,
      filter.after?.id,
      filter.limit,
      filter.state,
    ],
  );
  return rows;
}
