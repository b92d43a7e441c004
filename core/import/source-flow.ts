import type { JsonObject } from '../json.ts';

/** A node as the other tool exported it. */
export interface SourceNode {
  /** What edges and expressions call it. */
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly isOff: boolean;
  /** Its settings as they were exported. */
  readonly settings: JsonObject;
}

export interface SourceEdge {
  readonly from: string;
  readonly output: number;
  readonly to: string;
  readonly input: number;
}

/** The graph that an export describes, whatever tool it is of. */
export interface SourceGraph {
  readonly nodes: readonly SourceNode[];
  readonly edges: readonly SourceEdge[];
}

/** A graph that can be asked quickly. */
export interface GraphView extends SourceGraph {
  node(key: string): SourceNode | undefined;
  incoming(key: string): readonly SourceEdge[];
  outgoing(key: string): readonly SourceEdge[];
}

/** Looks at a graph, without edges that lead nowhere or are there twice. */
export function viewGraph({ nodes, edges }: SourceGraph): GraphView {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const known = new Map(
    edges
      .filter(({ from, to }) => byKey.has(from) && byKey.has(to))
      .map((edge) => [`${edge.from}\n${edge.output}\n${edge.to}\n${edge.input}`, edge]),
  );
  const kept = [...known.values()];
  const incoming = Map.groupBy(kept, ({ to }) => to);
  const outgoing = Map.groupBy(kept, ({ from }) => from);
  return {
    nodes: [...byKey.values()],
    edges: kept,
    node: (key) => byKey.get(key),
    incoming: (key) => incoming.get(key) ?? [],
    outgoing: (key) => outgoing.get(key) ?? [],
  };
}

/** The keys of the nodes that can be come to from these, themselves included. */
export function reachable(
  from: readonly string[],
  next: (key: string) => readonly string[],
): ReadonlySet<string> {
  const seen = new Set(from);
  const open = [...from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    for (const other of next(key)) {
      if (seen.has(other)) continue;
      seen.add(other);
      open.push(other);
    }
  }
  return seen;
}

/** An order in which every node comes after those that lead to it, and the edges that make this impossible. */
export function orderGraph(graph: GraphView): {
  readonly order: readonly SourceNode[];
  readonly backward: ReadonlySet<SourceEdge>;
} {
  const backward = new Set<SourceEdge>();
  const state = new Map<string, 'open' | 'done'>();
  const finished: SourceNode[] = [];
  for (const node of graph.nodes) visit(node);
  return { order: finished.reverse(), backward };

  /** Depth first, without recursion: flows may be long. */
  function visit(first: SourceNode): void {
    if (state.has(first.key)) return;
    state.set(first.key, 'open');
    const stack = [{ node: first, edges: [...graph.outgoing(first.key)] }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = top.edges.pop();
      if (edge === undefined) {
        state.set(top.node.key, 'done');
        finished.push(top.node);
        stack.pop();
        continue;
      }
      const next = graph.node(edge.to);
      if (next === undefined || state.get(next.key) === 'done') continue;
      if (state.get(next.key) === 'open') {
        backward.add(edge);
        continue;
      }
      state.set(next.key, 'open');
      stack.push({ node: next, edges: [...graph.outgoing(next.key)] });
    }
  }
}
