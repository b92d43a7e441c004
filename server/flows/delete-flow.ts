import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { lockFlow } from '#server/flows/find-flow.ts';
import { moveTriggers } from '#server/triggers/move-triggers.ts';

/**
 * Deletes a flow, its draft and its hook. Versions, runs and events stay; runs under way go on. What a provider sends it is taken back
 * by a worker.
 */
export async function deleteFlow(actor: Actor, slug: string): Promise<void> {
  await inTransaction(async (tx) => {
    const flow = await lockFlow(tx, actor.workspaceId, slug);
    await moveTriggers(tx, flow, null);
    await tx.flow.delete({ where: { id: flow.id } });
    await recordAudit(tx, actor, {
      action: 'flow.delete',
      resource: `flow:${slug}`,
      detail: { name: flow.name },
    });
  });
}
