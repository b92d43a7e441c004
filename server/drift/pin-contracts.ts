import { canonicalText } from '#core/canonical-text.ts';
import { LEARNED_FROM } from '#core/drift/find-departures.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { catalog } from '#connectors/definitions.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import type { FlowVersion } from '#prisma/generated/client.ts';

/**
 * Pins what the version before had learned as the contract of a new one: of the trigger if it is of the same type, and of each
 * step that is set up as before. What was hardly seen goes on learning.
 */
export async function pinContracts(tx: Transaction, version: FlowVersion): Promise<void> {
  const { flowId, number } = version;
  if (flowId === null || number === null) return;
  const previous = await tx.flowVersion.findFirst({
    where: { flowId, number: { lt: number } },
    orderBy: { number: 'desc' },
  });
  if (previous?.number == null) return;
  const kept = placesKept(storedDocument(previous.document), storedDocument(version.document));
  const contracts = await tx.contract.findMany({
    where: { flowId, versionNumber: previous.number, place: { in: [...kept] } },
  });
  await tx.contract.createMany({
    data: contracts.map(({ departed: _, ...contract }) => ({
      ...contract,
      shape: contract.shape ?? {},
      versionNumber: number,
      settledAt: contract.settledAt ?? (contract.samples >= LEARNED_FROM ? new Date() : null),
    })),
    skipDuplicates: true,
  });
}

function placesKept(before: FlowDocument, after: FlowDocument): readonly string[] {
  const known = new Map(before.nodes.map((node) => [node.id, node]));
  const same = after.nodes.filter((node) => {
    const old = known.get(node.id);
    return old?.type === node.type && canonicalText(old.config ?? {}) === canonicalText(node.config ?? {});
  });
  const trigger = (document: FlowDocument) =>
    document.nodes.find(({ type, version }) => catalog(type, version)?.kind === 'trigger')?.type;
  return [...same.map(({ id }) => id), ...(trigger(before) === trigger(after) ? [''] : [])];
}
