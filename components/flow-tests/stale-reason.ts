import { edgePort, type FlowDocument, type FlowNode } from '#core/flow-document.ts';
import { canonicalText } from '#core/canonical-text.ts';
import { ancestorsOf, incomingEdges, nodeById } from '#core/graph.ts';

/**
 * Why what a run made of a node may not be what the draft would make of it now; null while it still stands. `ran` is the
 * document that the run is pinned to, which for a part of the flow has that part alone.
 */
export function staleReason(draft: FlowDocument, ran: FlowDocument, nodeId: string): string | null {
  const now = nodeById(draft, nodeId);
  const then = nodeById(ran, nodeId);
  if (!now || !then) return null;
  if (digest(now) !== digest(then)) return 'Its settings changed since';
  if (wayTo(draft, nodeId) !== wayTo(ran, nodeId)) return 'What leads here changed since';
  for (const id of ancestorsOf(draft, nodeId)) {
    const [before, after] = [nodeById(ran, id), nodeById(draft, id)];
    if (!before || !after) return 'An earlier step was added since';
    if (digest(before) !== digest(after) || wayTo(draft, id) !== wayTo(ran, id))
      return `An earlier step changed since: ${after.label || id}`;
  }
  return null;
}

/** All that decides what a step makes; not its name or place. */
function digest(node: FlowNode): string {
  const { label: _, position: __, ...rest } = node;
  return canonicalText(rest);
}

function wayTo(flow: FlowDocument, nodeId: string): string {
  return incomingEdges(flow, nodeId)
    .map((edge) => `${edge.from} ${edgePort(edge)}`)
    .sort()
    .join('\n');
}
