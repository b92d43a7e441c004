import type { FlowDocument, FlowNode } from '../flow-document.ts';
import type { FlowOperation } from '../flow-operation.ts';
import { nodeById } from '../graph.ts';
import { nodeName } from '../validate/flow-view.ts';
import { type Edit, edited, noSuchNode, refuse } from './edit.ts';

/**
 * Puts nodes into a loop or out of all. Refused while an edge leads from one of them to a node that stays: edges join
 * nodes of one loop, and an edge that a person drew is not taken away unasked.
 */
export function setParent(
  flow: FlowDocument,
  { nodeIds, parent }: Extract<FlowOperation, { kind: 'set_parent' }>,
): Edit {
  const unknown = nodeIds.find((id) => nodeById(flow, id) === undefined);
  if (unknown !== undefined) return noSuchNode(unknown);
  const moving = withUndo(flow, nodeIds);
  if ([...moving].every((id) => nodeById(flow, id)?.parent === parent)) return edited(flow);
  const scopeAfter = (id: string): string | undefined =>
    moving.has(id) ? parent : nodeById(flow, id)?.parent;
  const crossing = flow.edges.find((edge) => scopeAfter(edge.from) !== scopeAfter(edge.to));
  if (crossing !== undefined) {
    const stays = moving.has(crossing.from) ? crossing.to : crossing.from;
    const goes = stays === crossing.to ? crossing.from : crossing.to;
    const message = `${nameOf(flow, goes)} is connected to ${nameOf(flow, stays)}, and no edge can lead into a loop or out of it. Remove that edge first, or move both together.`;
    return refuse('edge_crosses_loop', message, { nodeId: goes });
  }
  return edited({
    ...flow,
    nodes: flow.nodes.map((node) => (moving.has(node.id) ? withParent(node, parent) : node)),
  });
}

/** What undoes a node stands where it stands. */
function withUndo(flow: FlowDocument, nodeIds: readonly string[]): ReadonlySet<string> {
  const undoing = nodeIds.flatMap((id) => nodeById(flow, id)?.compensate ?? []);
  return new Set([...nodeIds, ...undoing]);
}

function withParent(node: FlowNode, parent: string | undefined): FlowNode {
  if (node.parent === parent) return node;
  const { parent: _, ...rest } = node;
  return parent === undefined ? rest : { ...rest, parent };
}

function nameOf(flow: FlowDocument, nodeId: string): string {
  return nodeName(nodeById(flow, nodeId) ?? { id: nodeId, label: undefined });
}
