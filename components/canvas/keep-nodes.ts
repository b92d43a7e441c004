import type { FlowDocument } from '#core/flow-document.ts';

/** The later document with the earlier one's node objects where they say the same: what did not change is not drawn anew. */
export function keepNodes(before: FlowDocument, after: FlowDocument): FlowDocument {
  const known = new Map(before.nodes.map((node) => [node.id, node]));
  const nodes = after.nodes.map((node) => {
    const old = known.get(node.id);
    return old && JSON.stringify(old) === JSON.stringify(node) ? old : node;
  });
  return { ...after, nodes };
}
