import type { Json } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import type { TriggerEvent } from '#server/runs/trigger-value.ts';

/** A run and the event that started it. `body` is null where it is larger than was asked for, or there is no event. */
export interface RunEventRow extends Omit<TriggerEvent, 'body'> {
  readonly runId: string;
  readonly versionId: string;
  readonly createdAt: Date;
  readonly body: Buffer | null;
}

export interface StepOutputRow {
  readonly runId: string;
  readonly nodeId: string;
  readonly output: Json;
}

/** The runs of a flow before one of them, newest first; the newest of all where `before` is undefined. */
export async function selectRunEvents(
  flowId: string,
  {
    before,
    limit,
    maxBytes,
  }: { readonly before?: RunEventRow; readonly limit: number; readonly maxBytes: number },
): Promise<readonly RunEventRow[]> {
  const { rows } = await pool().query<RunEventRow>({
    name: 'select_run_events',
    text: `
select r.id as "runId", r.flow_version_id as "versionId", r.created_at as "createdAt", e.method, e.query, e.headers, e.content_type as "contentType",
  e.received_at as "receivedAt", case when octet_length(e.body) <= $5 then e.body end as body
from flow f join run r on r.workspace_id = f.workspace_id and r.flow_slug = f.slug and r.flow_id = f.id
left join event e on e.id = r.event_id
where f.id = $1 and ($2::timestamptz is null or (r.created_at, r.id) < ($2, $3::uuid))
order by r.created_at desc, r.id desc limit $4`,
    values: [flowId, before?.createdAt, before?.runId, limit, maxBytes],
  });
  return rows;
}

/** What these nodes put out in these runs, outside of loops, where it is not larger than `maxBytes` as stored. */
export async function selectStepOutputs(
  runIds: readonly string[],
  nodeIds: readonly string[],
  maxBytes: number,
): Promise<readonly StepOutputRow[]> {
  const { rows } = await pool().query<StepOutputRow>({
    name: 'select_step_outputs',
    text: `
select run_id as "runId", node_id as "nodeId", output from step
where run_id = any($1::uuid[]) and node_id = any($2) and key = '' and status = 'succeeded'
  and pg_column_size(output) <= $3`,
    values: [runIds, nodeIds, maxBytes],
  });
  return rows;
}
