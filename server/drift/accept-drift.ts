import { acceptDeparted } from '#core/drift/follow-contract.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { prisma } from '#server/db/prisma.ts';
import { notFound } from '#server/problem.ts';
import { closeDrifts, departedPlaces, lockContract, saveContract } from '#server/sql/drift-rows.ts';

/** Makes what departed a part of the contracts of a flow. Resolves to how many changes that were. Throws 404. */
export async function acceptDrift(actor: Actor, slug: string): Promise<number> {
  const { workspaceId } = actor;
  const flow = await prisma().flow.findUnique({ where: { workspaceId_slug: { workspaceId, slug } } });
  if (!flow) throw notFound(`flow “${slug.slice(0, 63)}” in this workspace`);
  return inClientTransaction(async (client) => {
    for (const { place, version } of await departedPlaces(client, flow.id)) {
      const key = { workspaceId, flowId: flow.id, version, place };
      await saveContract(client, key, acceptDeparted(await lockContract(client, key)));
    }
    const accepted = await closeDrifts(client, flow.id);
    if (accepted > 0)
      await insertAudit(client, actor, {
        action: 'drift.accept',
        resource: `flow:${slug}`,
        detail: { changes: accepted },
      });
    return accepted;
  });
}
