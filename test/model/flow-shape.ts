import type { FlowDocument, FlowEdge, FlowNode } from '#core/flow-document.ts';

/** The nodes of the root, or of a loop's body, that can run at all. */
export interface ScopeShape {
  /** Topological; ties by place in the document. */
  readonly order: readonly FlowNode[];
  readonly incoming: ReadonlyMap<string, readonly FlowEdge[]>;
  readonly outgoing: ReadonlyMap<string, readonly FlowEdge[]>;
}

/** A flow as a tree of scopes. */
export interface FlowShape {
  readonly nodes: ReadonlyMap<string, FlowNode>;
  readonly trigger: FlowNode;
  readonly root: ScopeShape;
  /** By the id of the loop node. */
  readonly bodies: ReadonlyMap<string, ScopeShape>;
}

export function shapeOf(document: FlowDocument): FlowShape {
  const trigger = document.nodes.find((node) => node.type === 'core.manual');
  if (trigger === undefined) throw new Error('The model knows flows with a manual start only.');
  const undoes = new Set(document.nodes.map((node) => node.compensate));
  const members = (parent: string | undefined) =>
    document.nodes.filter((node) => node.parent === parent && !undoes.has(node.id));
  const loops = document.nodes.filter((node) => node.type === 'core.each');
  return {
    nodes: new Map(document.nodes.map((node) => [node.id, node])),
    trigger,
    root: scopeOf(reachable(trigger, members(undefined), document.edges), document.edges),
    bodies: new Map(loops.map((loop) => [loop.id, scopeOf(members(loop.id), document.edges)])),
  };
}

function reachable(start: FlowNode, nodes: readonly FlowNode[], edges: readonly FlowEdge[]): FlowNode[] {
  const found = new Set([start.id]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const edge of edges) if (found.has(edge.from)) found.add(edge.to);
  }
  return nodes.filter((node) => found.has(node.id));
}

function scopeOf(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): ScopeShape {
  const ids = new Set(nodes.map((node) => node.id));
  const own = edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  const order: FlowNode[] = [];
  while (order.length < nodes.length) {
    const done = new Set(order.map((node) => node.id));
    const next = nodes.find(
      (node) => !done.has(node.id) && own.every((edge) => edge.to !== node.id || done.has(edge.from)),
    );
    if (next === undefined) throw new Error('The model was given a circle.');
    order.push(next);
  }
  return {
    order,
    incoming: Map.groupBy(own, (edge) => edge.to),
    outgoing: Map.groupBy(own, (edge) => edge.from),
  };
}
