import type { FlowDocument, FlowEdge, FlowNode, Position } from '../flow-document.ts';
import type { FlowOperation } from '../flow-operation.ts';
import { freshId } from '../graph.ts';
import { rebindSteps } from '../rebind-steps.ts';
import { type Edit, cleanNode, edited, refuse } from './edit.ts';

/**
 * Adds copies under fresh ids. What they say of each other follows the copies: edges, `steps.<id>`, the loop they are in,
 * what undoes them. A loop or a compensation that was not copied along is left out: it belongs to the original. Those left
 * without a loop go into the one that is asked for.
 */
export function paste(flow: FlowDocument, operation: Extract<FlowOperation, { kind: 'paste' }>): Edit {
  const { fragment, offset, parent } = operation;
  if (fragment.nodes.length === 0) return edited(flow);
  const renames = freshIds(flow, fragment.nodes);
  if (renames.size < fragment.nodes.length) {
    return refuse('node_id_duplicate', 'Two of the nodes to paste have the same id.');
  }
  const copyEdge = (edge: FlowEdge): FlowEdge => ({
    ...edge,
    from: renames.get(edge.from) ?? edge.from,
    to: renames.get(edge.to) ?? edge.to,
  });
  if (fragment.edges.some((edge) => !renames.has(edge.from) || !renames.has(edge.to))) {
    return refuse('edge_to_unknown_node', 'One of the edges to paste leads to a node that is not pasted.');
  }
  return edited({
    ...flow,
    nodes: [...flow.nodes, ...fragment.nodes.map((node) => copyNode(node, renames, { offset, parent }))],
    edges: [...flow.edges, ...fragment.edges.map(copyEdge)],
  });
}

function freshIds(flow: FlowDocument, nodes: readonly FlowNode[]): ReadonlyMap<string, string> {
  const taken = new Set(flow.nodes.map((node) => node.id));
  const renames = new Map<string, string>();
  for (const { id } of nodes) {
    const fresh = freshId(taken, id);
    taken.add(fresh);
    renames.set(id, fresh);
  }
  return renames;
}

function copyNode(
  node: FlowNode,
  renames: ReadonlyMap<string, string>,
  { offset, parent }: { offset: Position; parent: string | undefined },
): FlowNode {
  const { position } = node;
  return cleanNode({
    ...node,
    id: renames.get(node.id) ?? node.id,
    config: rebindSteps(node.config, renames),
    position: position && { x: position.x + offset.x, y: position.y + offset.y },
    parent: (node.parent === undefined ? undefined : renames.get(node.parent)) ?? parent,
    compensate: node.compensate === undefined ? undefined : renames.get(node.compensate),
  });
}
