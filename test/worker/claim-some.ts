import type pg from 'pg';

import { claimRuns, type ClaimedRun } from '#server/sql/claim-runs.ts';
import { WALK_START } from '#server/sql/fair-share.ts';

/** Claims as a worker does that holds nothing and has no slots to spare. */
export async function claimSome(
  pool: pg.Pool,
  { workerId, limit }: { readonly workerId: string; readonly limit: number },
): Promise<readonly ClaimedRun[]> {
  const share = { spare: 0, spareOfFlows: 0, held: [], from: WALK_START, bytes: 2 ** 30 };
  const { runs } = await claimRuns(pool, { workerId, limit, ...share });
  return runs;
}
