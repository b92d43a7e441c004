import type { Hint } from './hint.ts';
import type { GraphView, SourceEdge, SourceNode } from './source-flow.ts';

/** Which ways through a flow shut each other out: those behind different outputs of an If or a Switch. */
export interface Ways {
  areExclusive(edges: readonly SourceEdge[]): boolean;
  /** What to say where several ways meet that do not shut each other out. */
  hintsFor(key: string): readonly Hint[];
}

export function waysOf(
  graph: GraphView,
  order: readonly SourceNode[],
  backward: ReadonlySet<SourceEdge>,
  isExclusive: (key: string) => boolean,
): Ways {
  const guards = new Map<string, ReadonlySet<string>>();
  const guardsOf = (edge: SourceEdge): ReadonlySet<string> => {
    const before = guards.get(edge.from) ?? new Set();
    return isExclusive(edge.from) ? new Set([...before, `${edge.output} ${edge.from}`]) : before;
  };
  for (const { key } of order) {
    const [first = new Set<string>(), ...others] = forward(key).map(guardsOf);
    guards.set(
      key,
      others.reduce((all, next) => new Set([...all].filter((guard) => next.has(guard))), first),
    );
  }
  return {
    areExclusive: (edges) =>
      edges.every((one, index) => edges.slice(index + 1).every((other) => shutOut(one, other))),
    hintsFor(key) {
      const edges = forward(key);
      return edges.length < 2 || this.areExclusive(edges) ? [] : [MEETING];
    },
  };

  function forward(key: string): readonly SourceEdge[] {
    return graph.incoming(key).filter((edge) => !backward.has(edge));
  }

  function shutOut(one: SourceEdge, other: SourceEdge): boolean {
    const theirs = guardsOf(other);
    return [...guardsOf(one)].some((guard) => {
      const [output, ...name] = guard.split(' ');
      return [...theirs].some(
        (second) => second.endsWith(` ${name.join(' ')}`) && second.split(' ')[0] !== output,
      );
    });
  }
}

const MEETING: Hint = {
  kind: 'do',
  place: 'Connections',
  why: 'Several ways meet here. The other tool goes on once for each of them; here it goes on once, when all have come or cannot come any more.',
  remedy: 'If it is to run for each, make a copy of what follows for each way.',
};
