import type { FlowDocument, FlowNode } from './flow-document.ts';

/** The nodes that a loop repeats, without those that only undo one of them. Empty for a node that is no loop. */
export function loopBody(document: Pick<FlowDocument, 'nodes'>, loopId: string): readonly FlowNode[] {
  const undoing = undoNodeIds(document);
  return document.nodes.filter(({ id, parent }) => parent === loopId && !undoing.has(id));
}

/** Ids of the nodes that run only to undo another. */
export function undoNodeIds({ nodes }: Pick<FlowDocument, 'nodes'>): ReadonlySet<string> {
  return new Set(nodes.flatMap(({ compensate }) => compensate ?? []));
}

/** How many loops stand around a node: as many indexes its steps' paths have. */
export function loopDepth(document: Pick<FlowDocument, 'nodes'>, nodeId: string): number {
  const parents = new Map(document.nodes.map(({ id, parent }) => [id, parent]));
  let depth = 0;
  for (let parent = parents.get(nodeId); parent !== undefined; parent = parents.get(parent)) depth += 1;
  return depth;
}

/** All nodes below a loop, those of loops inside of it included. */
export function nodesWithin(document: Pick<FlowDocument, 'nodes'>, loopId: string): readonly FlowNode[] {
  return document.nodes
    .filter(({ parent }) => parent === loopId)
    .flatMap((node) => [node, ...nodesWithin(document, node.id)]);
}
