import { catalog } from '#connectors/definitions.ts';
import { jsonPointer, type Fault } from '#core/fault.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { mayUse } from '#server/connections/rights.ts';
import type { Transaction } from '#server/db/transaction.ts';

/** What only the workspace knows: connections that the flow names and that are missing or of another member alone, or are of a connector that does not fit. */
export async function connectionFaults(
  tx: Transaction,
  { workspaceId, userId }: { readonly workspaceId: string; readonly userId: string | null },
  flow: FlowDocument,
): Promise<Fault[]> {
  const slugs = [...new Set(flow.nodes.flatMap((node) => node.connection ?? []))];
  if (slugs.length === 0) return [];
  const rows = await tx.connection.findMany({
    where: { workspaceId, slug: { in: slugs } },
    select: { slug: true, connector: true, ownerId: true, isShared: true },
  });
  const usable = rows.filter((row) => mayUse(row, userId));
  const connectors = new Map(usable.map((row) => [row.slug, row.connector]));
  return flow.nodes.flatMap((node, index) => faultOf(node, index, connectors));
}

function faultOf(node: FlowNode, index: number, connectors: ReadonlyMap<string, string>): Fault[] {
  if (node.connection === undefined) return [];
  const place = {
    level: 'blocks_publish' as const,
    pointer: jsonPointer(['nodes', index, 'connection']),
    nodeId: node.id,
  };
  const connector = connectors.get(node.connection);
  if (connector === undefined) {
    const message = `There is no connection “${node.connection}” in this workspace. Create it, or choose another for this node.`;
    return [{ ...place, code: 'unknown_connection', message }];
  }
  const fitting = catalog(node.type, node.version)?.connectors(node.config) ?? [];
  // A node that takes no connection at all is the validator's to judge.
  if (fitting.length === 0 || fitting.includes(connector)) return [];
  const message = `The connection “${node.connection}” is of the connector ${connector}; this node takes ${fitting.join(' or ')}.`;
  return [{ ...place, code: 'connection_does_not_fit', message }];
}
