import { type GraphView, reachable, type SourceNode } from './source-flow.ts';

/** How a node begins or ends a loop. */
export interface LoopKinds {
  /** The output that leads into the body of a loop; undefined for a node that is no loop. */
  bodyOutput(key: string): number | undefined;
  /** True for a node that gathers what the items of a loop gave. */
  gathers(key: string): boolean;
}

export interface LoopBodies {
  /** The innermost loop that a node is in. */
  readonly parents: ReadonlyMap<string, string>;
  /** The loops that begin before a node and end with it. */
  readonly gathered: ReadonlyMap<string, string>;
}

/**
 * What is in which loop. A loop's body is all that its body output leads to and nothing else leads to, up to a node that
 * gathers the results. `starts`: the nodes that begin runs.
 */
export function loopBodies(graph: GraphView, starts: readonly string[], kinds: LoopKinds): LoopBodies {
  const bodies = new Map<string, ReadonlySet<string>>();
  const gathered = new Map<string, string>();
  for (const { key } of graph.nodes) {
    const output = kinds.bodyOutput(key);
    if (output === undefined) continue;
    const inside = walkBody(key, output);
    const others = starts.length > 0 ? starts : sources(graph);
    const outside = reachable(others, (from) =>
      graph
        .outgoing(from)
        .filter((edge) => from !== key || edge.output !== output)
        .map(({ to }) => to),
    );
    bodies.set(key, new Set([...inside].filter((other) => !outside.has(other) || other === key)));
  }
  const parents = new Map<string, string>();
  for (const { key } of graph.nodes) {
    const around = [...bodies].filter(([loop, body]) => loop !== key && body.has(key));
    const innermost = around.sort(([, one], [, other]) => one.size - other.size)[0]?.[0];
    if (innermost !== undefined) parents.set(key, innermost);
  }
  return { parents, gathered };

  /** Follows the body; a gathering node ends it, but for those of loops within it. */
  function walkBody(loop: string, output: number): ReadonlySet<string> {
    const inside = new Set<string>();
    const seen = new Set<string>();
    const open = graph
      .outgoing(loop)
      .filter((edge) => edge.output === output)
      .map(({ to }) => ({ key: to, depth: 0 }));
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const { key, depth } = place;
      if (key === loop || seen.has(`${depth} ${key}`) || depth > 50) continue;
      seen.add(`${depth} ${key}`);
      const ends = kinds.gathers(key);
      if (ends && depth === 0) {
        gathered.set(key, loop);
        continue;
      }
      inside.add(key);
      const isForward =
        kinds.bodyOutput(key) !== undefined &&
        graph.outgoing(key).every((edge) => edge.output === kinds.bodyOutput(key));
      const next = ends ? depth - 1 : isForward ? depth + 1 : depth;
      open.push(...graph.outgoing(key).map(({ to }) => ({ key: to, depth: next })));
    }
    return inside;
  }
}

function sources(graph: GraphView): readonly string[] {
  return graph.nodes.filter(({ key }) => graph.incoming(key).length === 0).map(({ key }) => key);
}

/** Bodies of loops before what comes after the loops, which reads their results. */
export function loopOrder(
  order: readonly SourceNode[],
  parents: ReadonlyMap<string, string>,
): readonly SourceNode[] {
  const placed = new Set<string>();
  const sorted: SourceNode[] = [];
  const place = (source: SourceNode): void => {
    if (placed.has(source.key)) return;
    placed.add(source.key);
    sorted.push(source);
    for (const inside of order) if (parents.get(inside.key) === source.key) place(inside);
  };
  for (const source of order) if (!parents.has(source.key)) place(source);
  for (const source of order) place(source);
  return sorted;
}
