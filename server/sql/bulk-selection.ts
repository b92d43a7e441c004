import type pg from 'pg';

import type { BulkPreview } from '#core/api/bulk-actions.ts';
import { pool } from '#server/db/pool.ts';
import {
  DEAD_LETTER_CONDITIONS,
  deadLetterValues,
  type DeadLetterConditions,
} from '#server/sql/dead-letter-conditions.ts';
import { RUN_CONDITIONS, runConditionValues, type RunConditions } from '#server/sql/run-conditions.ts';

/** What a bulk action takes: a query for `id`, `created_at` and `flow_slug`, with its parameters. */
export interface BulkSelection {
  /** What the ids are of. */
  readonly of: 'run' | 'event';
  readonly text: string;
  readonly values: readonly unknown[];
}

export function selectionOfDeadLetters(conditions: Omit<DeadLetterConditions, 'state'>): BulkSelection {
  return {
    of: 'run',
    text: `SELECT r.id, r.created_at, r.flow_slug FROM dead_letter d JOIN run r ON r.id = d.run_id
      WHERE ${DEAD_LETTER_CONDITIONS}`,
    values: deadLetterValues({ ...conditions, state: 'open' }),
  };
}

export function selectionOfRuns(conditions: RunConditions): BulkSelection {
  return {
    of: 'run',
    text: `SELECT r.id, r.created_at, r.flow_slug FROM run r WHERE ${RUN_CONDITIONS}`,
    values: runConditionValues(conditions),
  };
}

/** Those that nobody has decided on and whose flow is published. */
export function selectionOfQuarantined(workspaceId: string, flow: string | undefined): BulkSelection {
  return {
    of: 'event',
    text: `SELECT e.id, e.received_at AS created_at, f.slug AS flow_slug FROM event e JOIN flow f ON f.id = e.flow_id
      WHERE e.workspace_id = $1 AND e.quarantine IS NOT NULL AND e.discarded_at IS NULL AND f.published_version IS NOT NULL
        AND ($2::text IS NULL OR f.slug = $2)`,
    values: [workspaceId, flow ?? null],
  };
}

/** Counts what would be taken. */
export async function previewSelection(
  selection: BulkSelection,
  limit: number | undefined,
): Promise<BulkPreview> {
  const { rows } = await pool().query<BulkPreview>(
    `WITH chosen AS MATERIALIZED (${chosen(selection)})
     SELECT (SELECT count(*)::int FROM chosen) AS total,
       (SELECT coalesce(json_agg(json_build_object('flow', flow_slug, 'count', n) ORDER BY n DESC, flow_slug), '[]')
          FROM (SELECT flow_slug, count(*)::int AS n FROM chosen GROUP BY flow_slug) AS f) AS flows,
       (SELECT coalesce(json_agg(id ORDER BY position) FILTER (WHERE position <= 10), '[]') FROM chosen) AS sample`,
    [...selection.values, limit],
  );
  return rows[0]!;
}

export interface NewBulkAction {
  /** Made by the caller with `uuidv7()`. */
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: string;
  /** JSON texts that jsonb accepts. */
  readonly filter: string;
  readonly options: string;
  readonly ratePerSecond: number | undefined;
  readonly sampleSize: number | undefined;
  readonly limit: number | undefined;
  readonly createdBy: string;
  readonly createdByName: string;
}

/**
 * Makes a bulk action with an item for each run or event of the selection, oldest first, in one statement: what it takes is what was
 * there at one moment. One that takes nothing is done at once. Resolves to the number of items.
 */
export async function insertBulkAction(
  client: pg.ClientBase,
  action: NewBulkAction,
  selection: BulkSelection,
): Promise<number> {
  const own = (n: number) => `$${selection.values.length + 1 + n}`;
  const { rows } = await client.query<{ total: number }>(
    `WITH chosen AS MATERIALIZED (${chosen(selection)}), made AS (
       INSERT INTO bulk_action (id, workspace_id, kind, filter, options, rate_per_second, sample_size, created_by,
         created_by_name, total, status, next_at, finished_at)
       SELECT ${own(1)}::uuid, ${own(2)}::uuid, ${own(3)}::text, ${own(4)}::jsonb, ${own(5)}::jsonb, ${own(6)}::float8,
         ${own(7)}::int, ${own(8)}::text, ${own(9)}::text, counted.total,
         CASE WHEN counted.total = 0 THEN 'done' ELSE 'running' END,
         CASE WHEN counted.total > 0 THEN now() END, CASE WHEN counted.total = 0 THEN now() END
       FROM (SELECT count(*)::int AS total FROM chosen) AS counted
       RETURNING total
     ), items AS (
       INSERT INTO bulk_item (bulk_action_id, position, ${selection.of}_id) SELECT ${own(1)}::uuid, position, id FROM chosen
     )
     SELECT total FROM made`,
    [
      ...selection.values,
      action.limit,
      action.id,
      action.workspaceId,
      action.kind,
      action.filter,
      action.options,
      action.ratePerSecond,
      action.sampleSize,
      action.createdBy,
      action.createdByName,
    ],
  );
  return rows[0]!.total;
}

/** Takes the limit as the parameter after the selection's own. */
function chosen({ text, values }: BulkSelection): string {
  return `SELECT id, flow_slug, (row_number() OVER (ORDER BY created_at, id))::int AS position
    FROM (${text}) AS selected ORDER BY created_at, id LIMIT $${values.length + 1}::int`;
}
