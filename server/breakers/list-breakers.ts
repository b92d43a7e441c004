import type { Breaker } from '#core/api/breakers.ts';
import type { Actor } from '#server/auth/actor.ts';
import { hiddenConnections } from '#server/connections/list-connections.ts';
import { pool } from '#server/db/pool.ts';
import { selectBreakers } from '#server/sql/select-breakers.ts';

/** What holds calls of the workspace back, or may: breakers that are not plainly closed, and rate budgets. */
export async function listBreakers(actor: Actor): Promise<Breaker[]> {
  const hidden = await hiddenConnections(actor);
  const breakers = await selectBreakers(pool(), actor.workspaceId);
  return breakers.filter(({ connection }) => connection === null || !hidden.has(connection));
}
