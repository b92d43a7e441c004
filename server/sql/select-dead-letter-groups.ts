import { pool } from '#server/db/pool.ts';
import {
  DEAD_LETTER_CONDITIONS,
  deadLetterValues,
  OPEN,
  type DeadLetterConditions,
} from '#server/sql/dead-letter-conditions.ts';

/** Equal parts of the time, for the chart. */
export const BUCKETS = 24;
/** The largest groups; a workspace whose failures differ more than that is past looking at groups. */
const MAX_GROUPS = 500;

export interface DeadLetterGroupRow {
  readonly flow: string;
  readonly flowName: string;
  readonly nodeId: string | null;
  readonly errorKind: string;
  readonly cause: string;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly message: string | null;
  readonly sampleRunId: string;
  /** The node as the newest of these runs has it; null for a run that failed as a whole. */
  readonly node: { readonly type: string; readonly version: number; readonly label?: string } | null;
  /** How many in which bucket, from 1. */
  readonly buckets: Readonly<Record<string, number>>;
  readonly from: Date;
  readonly to: Date;
  /** Dead letters in all groups. */
  readonly total: number;
}

/**
 * Dead letters by flow, node and cause, the largest group first. The time begins where the filter says, else with the oldest
 * of them and at least a day before its end.
 */
export async function selectDeadLetterGroups(
  conditions: Pick<DeadLetterConditions, 'workspaceId' | 'filter'>,
): Promise<DeadLetterGroupRow[]> {
  const { rows } = await pool().query<DeadLetterGroupRow>(SELECT_GROUPS, [
    ...deadLetterValues({ ...conditions, state: 'open' }),
    BUCKETS,
    MAX_GROUPS,
  ]);
  return rows;
}

/** The run is joined so that it can be left out where no text is sought; the newest of a group is found by its time. */
const SELECT_GROUPS = `
  WITH chosen AS MATERIALIZED (
    SELECT d.flow_slug, d.node_id, d.error_kind, d.cause, d.created_at
    FROM dead_letter d LEFT JOIN run r ON r.id = d.run_id
    WHERE ${DEAD_LETTER_CONDITIONS}
  ), span AS (
    SELECT "from", "to", total, ARRAY(SELECT "from" + n * ("to" - "from") / $13::int FROM generate_series(0, $13::int - 1) AS n) AS starts
    FROM (
      SELECT coalesce($7::timestamptz, least(min(created_at), coalesce($8::timestamptz, now()) - interval '1 day')) AS "from",
        coalesce($8::timestamptz, now()) AS "to", count(*)::int AS total
      FROM chosen) AS asked
  ), counted AS (
    SELECT flow_slug, node_id, error_kind, cause, count(*)::int AS count, min(created_at) AS first_at,
      max(created_at) AS last_at, greatest(1, width_bucket(created_at, starts)) AS bucket
    FROM chosen, span
    GROUP BY flow_slug, node_id, error_kind, cause, bucket
  ), grouped AS (
    SELECT flow_slug, node_id, error_kind, cause, sum(count)::int AS count, min(first_at) AS first_at,
      max(last_at) AS last_at, json_object_agg(bucket, count) AS buckets
    FROM counted GROUP BY flow_slug, node_id, error_kind, cause
    ORDER BY count DESC, last_at DESC LIMIT $14
  )
  SELECT g.flow_slug AS flow, r.flow_name AS "flowName", g.node_id AS "nodeId", g.error_kind AS "errorKind", g.cause,
    g.count, g.first_at AS "firstAt", g.last_at AS "lastAt", r.error ->> 'message' AS message,
    r.id AS "sampleRunId", g.buckets, span."from", span."to", span.total,
    (SELECT n FROM json_array_elements(v.document -> 'nodes') AS n WHERE n ->> 'id' = g.node_id LIMIT 1) AS node
  FROM grouped g CROSS JOIN span
  JOIN LATERAL (
    SELECT d.run_id FROM dead_letter d
    WHERE d.workspace_id = $1 AND ${OPEN} AND d.created_at = g.last_at AND d.flow_slug = g.flow_slug
      AND d.node_id IS NOT DISTINCT FROM g.node_id AND d.error_kind = g.error_kind AND d.cause = g.cause
    ORDER BY d.run_id DESC LIMIT 1
  ) newest ON true
  JOIN run r ON r.id = newest.run_id
  JOIN flow_version v ON v.id = r.flow_version_id
  ORDER BY g.count DESC, g.last_at DESC`;
