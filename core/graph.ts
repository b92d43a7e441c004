import type { FlowDocument, FlowEdge, FlowNode } from './flow-document.ts';

type Graph = Pick<FlowDocument, 'nodes' | 'edges'>;

interface GraphIndex {
  readonly nodes: ReadonlyMap<string, FlowNode>;
  readonly incoming: ReadonlyMap<string, readonly FlowEdge[]>;
  readonly outgoing: ReadonlyMap<string, readonly FlowEdge[]>;
  /** Nodes that name this one in `compensate`. */
  readonly compensated: ReadonlyMap<string, readonly FlowNode[]>;
  readonly ancestors: Map<string, ReadonlySet<string>>;
}

// Documents are never changed in place, so an index lives as long as its document.
const indexes = new WeakMap<Graph, GraphIndex>();
const NO_EDGES: readonly FlowEdge[] = [];

/** The node with this id. */
export function nodeById(flow: Graph, nodeId: string): FlowNode | undefined {
  return indexOf(flow).nodes.get(nodeId);
}

/** The edges that end at a node, in document order. */
export function incomingEdges(flow: Graph, nodeId: string): readonly FlowEdge[] {
  return indexOf(flow).incoming.get(nodeId) ?? NO_EDGES;
}

/** The edges that start at a node, in document order. */
export function outgoingEdges(flow: Graph, nodeId: string): readonly FlowEdge[] {
  return indexOf(flow).outgoing.get(nodeId) ?? NO_EDGES;
}

/**
 * Ids of the nodes that come before a node, by any path, without itself: those whose output its expressions can read.
 * Inside a loop that includes the loop node and what comes before it; for a compensation, the node it undoes and what
 * comes before that.
 */
export function ancestorsOf(flow: Graph, nodeId: string): ReadonlySet<string> {
  const index = indexOf(flow);
  const known = index.ancestors.get(nodeId);
  if (known !== undefined) return known;
  const found = reach([nodeId], (id) => directlyBefore(index, id));
  found.delete(nodeId);
  index.ancestors.set(nodeId, found);
  return found;
}

/** True when `earlier` is among the `ancestorsOf` of `later`; stops as soon as it is found. */
export function comesBefore(flow: Graph, earlier: string, later: string): boolean {
  const index = indexOf(flow);
  const seen = new Set<string>();
  const open = [later];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    for (const before of directlyBefore(index, id)) {
      if (before === earlier) return earlier !== later;
      if (seen.has(before)) continue;
      seen.add(before);
      open.push(before);
    }
  }
  return false;
}

/** Ids of the nodes that come after a node along edges, without itself unless it is on a cycle. */
export function descendantsOf(flow: Graph, nodeId: string): ReadonlySet<string> {
  const next = (id: string): readonly string[] => outgoingEdges(flow, id).map((edge) => edge.to);
  return reach(next(nodeId), next);
}

/** These nodes and all that is inside of those that are loops, at any depth. */
export function contentsOf(
  flow: Pick<FlowDocument, 'nodes'>,
  nodeIds: Iterable<string>,
): ReadonlySet<string> {
  const bodies = Map.groupBy(flow.nodes, (node) => node.parent);
  return reach([...nodeIds], (id) => (bodies.get(id) ?? []).map((node) => node.id));
}

/** An id that the flow does not use yet: `base`, else `base2`, `base3` … within the 63 characters of an id. */
export function freshNodeId(flow: Pick<FlowDocument, 'nodes'>, base: string): string {
  const taken = new Set(flow.nodes.map((node) => node.id));
  return freshId(taken, base);
}

/** As `freshNodeId`, over ids given as a set. Characters that ids cannot have are left out of `base`. */
export function freshId(taken: ReadonlySet<string>, base: string): string {
  const clean = base.replace(/[^A-Za-z0-9_]/g, '').replace(/^[^A-Za-z]+/, '');
  const stem = clean === '' || clean === 'constructor' || clean === 'prototype' ? 'node' : clean;
  if (!taken.has(stem.slice(0, 63))) return stem.slice(0, 63);
  const root = stem.slice(0, 55).replace(/[0-9]+$/, '');
  let number = 2;
  while (taken.has(`${root}${number}`)) number += 1;
  return `${root}${number}`;
}

function indexOf(flow: Graph): GraphIndex {
  const known = indexes.get(flow);
  if (known !== undefined) return known;
  const index: GraphIndex = {
    nodes: new Map(flow.nodes.map((node) => [node.id, node])),
    incoming: Map.groupBy(flow.edges, (edge) => edge.to),
    outgoing: Map.groupBy(flow.edges, (edge) => edge.from),
    compensated: Map.groupBy(
      flow.nodes.filter((node) => node.compensate !== undefined),
      (node) => node.compensate ?? '',
    ),
    ancestors: new Map(),
  };
  indexes.set(flow, index);
  return index;
}

function directlyBefore(index: GraphIndex, nodeId: string): readonly string[] {
  const parent = index.nodes.get(nodeId)?.parent;
  return [
    ...(index.incoming.get(nodeId) ?? NO_EDGES).map((edge) => edge.from),
    ...(index.compensated.get(nodeId) ?? []).map((node) => node.id),
    ...(parent === undefined ? [] : [parent]),
  ];
}

/** Everything reachable from `starts`, themselves included. Iterative: a chain of 2,000 nodes must not overflow the stack. */
function reach(starts: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const found = new Set<string>(starts);
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const following of next(id)) {
      if (found.has(following)) continue;
      found.add(following);
      open.push(following);
    }
  }
  return found;
}
