import type { Breaker } from '#core/api/breakers.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { hiddenConnections } from '#server/connections/list-connections.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { notFound, type ProblemError } from '#server/problem.ts';
import { endPause } from '#server/sql/breakers.ts';
import { selectBreakers } from '#server/sql/select-breakers.ts';

/**
 * Has the far end tried again now: one call goes out, and when it is answered, all that waited follow. Changes nothing where
 * nothing is held back. Throws 404 for a scope that nothing is known of.
 */
export async function closeBreaker(actor: Actor, scope: string): Promise<Breaker> {
  const hidden = await hiddenConnections(actor);
  const isHidden = [...hidden].some((slug) => scope === `connection:${slug}`);
  if (isHidden) throw unknown(scope);
  return inClientTransaction(async (client) => {
    const isPaused = await endPause(client, { workspaceId: actor.workspaceId, scope });
    if (isPaused) await insertAudit(client, actor, { action: 'breaker.close', resource: `breaker:${scope}` });
    const [breaker] = await selectBreakers(client, actor.workspaceId, scope);
    if (!breaker) throw unknown(scope);
    return breaker;
  });
}

function unknown(scope: string): ProblemError {
  return notFound(`breaker “${scope.slice(0, 200)}” in this workspace`);
}
