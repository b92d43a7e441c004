import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { nodeById } from '#core/graph.ts';

type Bodies = ReadonlyMap<string | undefined, readonly FlowNode[]>;

// Documents are never changed in place, so what is found out about one holds as long as it lives.
const known = new WeakMap<FlowDocument, Bodies>();
const NOTHING: readonly FlowNode[] = [];

/** The nodes of a loop's body, in document order; those that are in no loop for `undefined`. */
export function bodyOf(document: FlowDocument, loopId: string | undefined): readonly FlowNode[] {
  const bodies = known.get(document) ?? Map.groupBy(document.nodes, (node) => node.parent);
  known.set(document, bodies);
  return bodies.get(loopId) ?? NOTHING;
}

/** True for a node that runs other nodes, which are drawn inside of it. */
export function isLoop(node: Pick<FlowNode, 'type' | 'version'>, catalog: Catalog): boolean {
  return catalog(node.type, node.version)?.isLoop === true;
}

/** How many loops are around a node. */
export function depthOf(document: FlowDocument, node: FlowNode): number {
  return loopsAround(document, node).length;
}

/** Ids of the loops around a node, the innermost first. A circle in a broken document ends where it closes. */
export function loopsAround(document: FlowDocument, node: FlowNode): readonly string[] {
  const around: string[] = [];
  for (let at = node.parent; at !== undefined && !around.includes(at); at = nodeById(document, at)?.parent)
    around.push(at);
  return around;
}
