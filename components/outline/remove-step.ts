import type { FlowDocument, FlowEdge } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { incomingEdges, outgoingEdges } from '#core/graph.ts';
import { makeEdge, sameEdge } from '#core/operations/edit.ts';

/**
 * The operations that take a step out of its row: where all that leaves it leads to one node, what led to the step leads
 * there now, so that what follows is not cut off.
 */
export function removeStep(document: FlowDocument, nodeId: string): readonly FlowOperation[] {
  return [
    { kind: 'remove_nodes', nodeIds: [nodeId] },
    ...bridges(document, nodeId).map((edge) => ({ kind: 'add_edge', edge }) as const),
  ];
}

function bridges(document: FlowDocument, nodeId: string): readonly FlowEdge[] {
  const [to, ...others] = new Set(outgoingEdges(document, nodeId).map((edge) => edge.to));
  if (to === undefined || others.length > 0) return [];
  return incomingEdges(document, nodeId)
    .map(({ from, port }) => makeEdge(from, port ?? 'out', to))
    .filter((edge) => !outgoingEdges(document, edge.from).some((other) => sameEdge(other, edge)));
}
