import { applyOperation } from '#core/apply-operation.ts';
import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowEdge, FlowNode } from '#core/flow-document.ts';

import { isTrigger } from './node-ports.ts';

/** Why this edge cannot be added (a cycle, a second one of the same, an edge into a trigger …); null when it can. */
export function refusalOf(document: FlowDocument, edge: FlowEdge, catalog: Catalog): string | null {
  const target = document.nodes.find((node) => node.id === edge.to);
  if (target && isTrigger(target, catalog)) return 'Nothing leads into a trigger: it is where runs start.';
  const source = document.nodes.find((node) => node.id === edge.from);
  if (source && target && source.parent !== target.parent)
    return 'No edge can lead into a loop or out of it. Connect the loop itself, or move both into the same one.';
  const applied = applyOperation(document, { kind: 'add_edge', edge }, catalog);
  return applied.ok ? null : (applied.faults[0]?.message ?? 'These two cannot be connected.');
}

/** The nodes that an edge from this port may lead to, in document order. */
export function possibleTargets(
  document: FlowDocument,
  from: { nodeId: string; port: string },
  catalog: Catalog,
): FlowNode[] {
  return document.nodes.filter((node) => {
    const edge = { from: from.nodeId, port: from.port, to: node.id };
    return node.id !== from.nodeId && refusalOf(document, edge, catalog) === null;
  });
}
