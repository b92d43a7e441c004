import type { Breaker } from '#core/api/breakers.ts';
import { pool } from '#server/db/pool.ts';
import { selectBreakers } from '#server/sql/select-breakers.ts';

/** What holds calls of the workspace back, or may: breakers that are not plainly closed, and rate budgets. */
export function listBreakers(workspaceId: string): Promise<Breaker[]> {
  return selectBreakers(pool(), workspaceId);
}
