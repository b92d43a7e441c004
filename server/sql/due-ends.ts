import type pg from 'pg';

import type { Json } from '#core/json.ts';

/** A run that has ended and whose end is still to be told. */
export interface DueEnd {
  readonly id: string;
  readonly workspaceId: string;
  readonly flowSlug: string;
  readonly versionNumber: number | null;
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly output: Json;
  readonly error: Json;
  readonly startedAt: Date | null;
  readonly finishedAt: Date;
  readonly eventId: string | null;
  readonly parentRunId: string | null;
  readonly parentNodeId: string | null;
  readonly parentKey: string | null;
  readonly isAwaited: boolean;
  readonly callDepth: number;
  /** How often it had been resumed by then. */
  readonly resumes: number;
  readonly concurrencyLimit: number | null;
  /** What its version says is started when a run fails. */
  readonly onFailure: string | null;
}

/** Due ends, oldest first, held to the end of the transaction; what another worker tells is passed over. */
export async function lockDueEnds(
  client: pg.ClientBase,
  which: { readonly limit: number; readonly id?: string },
): Promise<DueEnd[]> {
  const { rows } = await client.query<DueEnd>({
    name: 'lock_due_ends',
    text: `
      select r.id, r.workspace_id as "workspaceId", r.flow_slug as "flowSlug", r.version_number as "versionNumber",
        r.status::text as status, r.output, r.error, r.started_at as "startedAt", r.finished_at as "finishedAt",
        r.event_id as "eventId", r.parent_run_id as "parentRunId", r.parent_node_id as "parentNodeId",
        r.parent_key as "parentKey", r.is_awaited as "isAwaited", r.call_depth as "callDepth", r.resumes,
        r.concurrency_limit as "concurrencyLimit", v.document -> 'settings' ->> 'onFailure' as "onFailure"
      from run r join flow_version v on v.id = r.flow_version_id
      where r.is_end_due and r.finished_at is not null and ($2::uuid is null or r.id = $2)
      order by r.finished_at limit $1 for no key update of r skip locked`,
    values: [which.limit, which.id ?? null],
  });
  return rows;
}

export async function findDueEnds(pool: pg.Pool, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'select id from run where is_end_due and finished_at is not null order by finished_at limit $1',
    [limit],
  );
  return rows.map(({ id }) => id);
}

/** The run's questions lead nowhere any more. */
export async function closeApprovals(client: pg.ClientBase, runIds: readonly string[]): Promise<void> {
  await client.query({
    name: 'close_approvals',
    text: `update approval set decision = 'cancelled', decided_at = now()
      where run_id = any($1::uuid[]) and decision is null`,
    values: [runIds],
  });
}

export async function markEndsTold(client: pg.ClientBase, runIds: readonly string[]): Promise<void> {
  await client.query({
    name: 'mark_ends_told',
    text: 'update run set is_end_due = false where id = any($1::uuid[])',
    values: [runIds],
  });
}
