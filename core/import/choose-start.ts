import type { ImportStart } from './flow-import.ts';
import { type GraphView, reachable, viewGraph } from './source-flow.ts';

/** The part of a graph that belongs to one start: a flow has one trigger. */
export interface StartChoice {
  readonly starts: readonly ImportStart[];
  readonly start: string | undefined;
  /** The start, what comes after it, and what nothing leads to at all. */
  readonly part: GraphView;
}

/**
 * Takes the wanted start, else the best of them by `rank` (the lowest), the first of those.
 * `isFree`: a node that belongs to no start, such as a note.
 */
export function chooseStart(
  graph: GraphView,
  rank: (key: string) => number | undefined,
  wanted: string | undefined,
  isFree: (key: string) => boolean,
): StartChoice {
  const triggers = graph.nodes.flatMap((node) => {
    const order = node.isOff ? undefined : rank(node.key);
    return order === undefined ? [] : [{ key: node.key, name: node.name, order }];
  });
  const best = triggers.toSorted((one, other) => one.order - other.order)[0];
  const start = triggers.find(({ key }) => key === wanted) ?? best;
  const next = (key: string) => graph.outgoing(key).map(({ to }) => to);
  const own = reachable(start === undefined ? [] : [start.key], next);
  const others = reachable(
    triggers.filter(({ key }) => key !== start?.key).map(({ key }) => key),
    next,
  );
  const kept = graph.nodes.filter(({ key }) => own.has(key) || !others.has(key) || isFree(key));
  return {
    starts: triggers.map(({ key, name }) => ({ key, name })),
    start: start?.key,
    part: viewGraph({ nodes: kept, edges: graph.edges }),
  };
}
