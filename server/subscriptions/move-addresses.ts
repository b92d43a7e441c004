import { prisma } from '#server/db/prisma.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { env } from '#server/env.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { log } from '#server/log.ts';
import { moveSubscription } from '#server/triggers/move-subscription.ts';

/**
 * Has providers send to where Patchbay is now (`PATCHBAY_URL`): subscriptions with another address are asked for anew, and taken back
 * at the old one. The web process does so at its start, because that is what the address leads to. Rejects when the database is away.
 */
export async function moveAddresses(): Promise<void> {
  const { publicUrl } = env();
  const rows = await prisma().subscription.findMany({
    where: {
      isWanted: true,
      flowId: { not: null },
      callbackUrl: { not: '' },
      NOT: { callbackUrl: { startsWith: `${publicUrl}/hooks/` } },
    },
    select: { flowId: true },
  });
  const flowIds = [...new Set(rows.flatMap(({ flowId }) => flowId ?? []))];
  for (const flowId of flowIds) await moveAddress(flowId);
  if (flowIds.length > 0)
    log.info(
      { part: 'subscriptions', flows: flowIds.length, publicUrl },
      'providers are asked to send to another address',
    );
}

async function moveAddress(flowId: string): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM flow WHERE id = ${flowId}::uuid FOR UPDATE`;
    const flow = await tx.flow.findUnique({ where: { id: flowId } });
    const version =
      flow?.publishedVersion == null
        ? null
        : await tx.flowVersion.findFirst({ where: { flowId, number: flow.publishedVersion } });
    if (!flow || !version) return;
    const node = triggerNode(storedDocument(version.document));
    if (node) await moveSubscription(tx, flow, node);
  });
}
