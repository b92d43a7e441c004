import type pg from 'pg';

import type { Json } from '#core/json.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';

/** What a waiting step is told. */
export interface NewSignal {
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
  readonly payload: Json;
}

/**
 * Locks the runs in the order in which the journal locks them. A signal whose step was told before changes nothing. The
 * count comes with the row: whoever lets the run go later sees that it knows too few.
 */
const INSERT = `
with told as materialized (
  select r.id from run r where r.id = any($1::uuid[]) order by r.id for no key update
), added as (
  insert into signal (run_id, node_id, key, payload)
  select s.r, s.n, s.k, s.p from unnest($1::uuid[], $2::text[], $3::text[], $4::json[]) as s(r, n, k, p)
  join told on told.id = s.r
  on conflict (run_id, node_id, key) do nothing
  returning run_id
)
update run r
set signals = r.signals + a.count,
  wake_at = case when r.lease_worker_id is null and r.status in ('waiting', 'in_doubt') then now() else r.wake_at end
from (select run_id, count(*)::int as count from added group by run_id) a
where r.id = a.run_id
returning r.id, r.lease_worker_id is null and r.status in ('waiting', 'in_doubt') as is_due`;

/**
 * Tells waiting steps, or steps that are about to wait, what they wait for; each step is told once. Nothing is lost
 * should the step's suspension not be committed yet. Resolves to the runs that are due now: the caller wakes them
 * (`wakeRuns`) in the same transaction.
 */
export async function insertSignals(
  client: pg.ClientBase | pg.Pool,
  signals: readonly NewSignal[],
): Promise<string[]> {
  if (signals.length === 0) return [];
  const { rows } = await client.query<{ id: string; is_due: boolean }>(INSERT, [
    signals.map(({ runId }) => runId),
    signals.map(({ nodeId }) => nodeId),
    signals.map(({ key }) => key),
    signals.map(({ payload }) => toStoredJson(payload)),
  ]);
  return rows.filter((row) => row.is_due).map(({ id }) => id);
}
