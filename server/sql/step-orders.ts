import type pg from 'pg';

import type { RunStatus, StepStatus } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';
import type { StepRef } from '#core/plan.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';

export type OrderKind = 'retry_now' | 'done' | 'retry';

/** What a person decided about a step, as the worker reads it. */
export interface StoredOrder extends StepRef {
  /** Orders are applied in the order of their ids. */
  readonly id: string;
  readonly runId: string;
  readonly kind: OrderKind;
  /** Of `done`: the output. */
  readonly output: Json;
}

/** Orders of several runs that nobody has applied yet, by run, oldest first. */
export async function loadOrders(
  pool: pg.Pool,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, StoredOrder[]>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await pool.query<StoredOrder>({
    name: 'load_orders',
    text: `select id::text as id, run_id as "runId", node_id as "nodeId", key, kind, payload -> 'value' as output
      from step_order where run_id = any($1::uuid[]) and applied_at is null order by step_order.id`,
    values: [runIds],
  });
  return Map.groupBy(rows, ({ runId }) => runId);
}

/** A run about whose steps something is to be ordered, held to the end of the transaction. */
export interface OrderableRun {
  readonly flow: string;
  readonly status: RunStatus;
  readonly isOver: boolean;
}

/** Undefined when the workspace has no such run. */
export async function lockOrderable(
  client: pg.ClientBase,
  target: { readonly runId: string; readonly workspaceId: string },
): Promise<OrderableRun | undefined> {
  const { rows } = await client.query<OrderableRun>(
    `SELECT flow_slug AS flow, status::text AS status, finished_at IS NOT NULL AS "isOver"
     FROM run WHERE id = $1 AND workspace_id = $2 FOR NO KEY UPDATE`,
    [target.runId, target.workspaceId],
  );
  return rows[0];
}

/** The steps of a held run that stand so, without those about which an order is still to be applied. */
export async function selectOrderable(
  client: pg.ClientBase,
  runId: string,
  which: {
    readonly status: StepStatus;
    readonly waitingFor?: readonly (string | null)[];
    readonly nodeId?: string;
    readonly key?: string;
  },
): Promise<StepRef[]> {
  const { rows } = await client.query<StepRef>(
    `SELECT node_id AS "nodeId", key FROM step
     WHERE run_id = $1 AND status = $2::step_status AND ($3::text[] IS NULL OR waiting_for = ANY($3))
       AND ($4::text IS NULL OR node_id = $4) AND ($5::text IS NULL OR key = $5)
       AND NOT EXISTS (SELECT FROM step_order o WHERE o.run_id = $1 AND o.node_id = step.node_id AND o.key = step.key
         AND o.applied_at IS NULL)
     ORDER BY node_id, key`,
    [runId, which.status, which.waitingFor ?? null, which.nodeId ?? null, which.key ?? null],
  );
  return rows;
}

/**
 * Orders something about steps of a held run. Whoever has the run sees by its count of signals that there is news; a run that
 * nobody has is due. What stood in doubt has its time counted anew: nobody was to be hurried. True when the caller is to wake the
 * run (`wakeRuns`) in the same transaction.
 */
export async function insertOrders(
  client: pg.ClientBase,
  runId: string,
  order: { readonly kind: OrderKind; readonly steps: readonly StepRef[]; readonly output?: Json },
): Promise<boolean> {
  const { rows } = await client.query<{ is_due: boolean }>(
    `WITH added AS (
       INSERT INTO step_order (run_id, node_id, key, kind, payload)
       SELECT $1, s.n, s.k, $4, $5::json FROM unnest($2::text[], $3::text[]) AS s(n, k)
     )
     UPDATE run SET signals = signals + cardinality($2::text[]),
       wake_at = CASE WHEN lease_worker_id IS NULL AND status IN ('waiting', 'in_doubt') THEN now() ELSE wake_at END,
       resumed_at = CASE WHEN status = 'in_doubt' THEN now() ELSE resumed_at END
     WHERE id = $1
     RETURNING lease_worker_id IS NULL AND status IN ('waiting', 'in_doubt') AS is_due`,
    [
      runId,
      order.steps.map(({ nodeId }) => nodeId),
      order.steps.map(({ key }) => key),
      order.kind,
      order.output === undefined ? null : `{"value":${toStoredJson(order.output)}}`,
    ],
  );
  return rows[0]?.is_due === true;
}
