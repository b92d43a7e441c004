import type pg from 'pg';

import { TAKE, TAKEN, type ClaimRow } from '#server/sql/claim-keyed-runs.ts';
import { toClaimedRun, type ClaimedRun } from '#server/sql/claim-runs.ts';

/**
 * A run whose workers died so often in a row, no step done in between, may be what kills them: it is not due any more, and
 * only a ward runs it, alone. A worker that dies later does not count against it.
 */
export const SUSPECT_DEATHS = 2;

/** The run's deaths after one more, which counts in full if it was in a ward. Names `run` and `dead.is_ward`. */
export const DEATHS_AFTER = `case when dead.is_ward or run.deaths < ${SUSPECT_DEATHS} then run.deaths + 1 else run.deaths end`;
/** The index names exactly this. */
const SUSPECT = `deaths = ${SUSPECT_DEATHS} and wake_at is null and lease_worker_id is null and finished_at is null`;
export const IS_SUSPECT = `${SUSPECT} and status = 'queued'`;

/** How many suspects wait for a ward, up to `limit`. */
export async function countSuspects(pool: pg.Pool, limit: number): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: 'count_suspects',
    text: `select count(*)::int as count from (select from run where ${IS_SUSPECT} limit $1) suspects`,
    values: [limit],
  });
  return rows[0]!.count;
}

/** Claims the suspect that has waited longest; none when there is none. */
export async function claimSuspect(pool: pg.Pool, workerId: string): Promise<ClaimedRun[]> {
  const { rows } = await pool.query<ClaimRow>({
    name: 'claim_suspect',
    text: `
      with chosen as materialized (
        select id, event_id from run where ${IS_SUSPECT}
        order by id limit 1 for no key update skip locked
      )
      update run r set ${TAKE}
      from chosen left join event e on e.id = chosen.event_id where r.id = chosen.id
      returning ${TAKEN}`,
    values: [workerId],
  });
  return rows.map(toClaimedRun);
}
