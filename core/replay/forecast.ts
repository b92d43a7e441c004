import type { PlanGraph, PlanInput, PlanNode } from '../plan-graph.ts';
import { withBody } from './taken-over.ts';

/** `certain`: runs unless an earlier step fails. `possible`: the data decides. Nodes that cannot run are in no forecast. */
export type Sureness = 'certain' | 'possible';

/** What a run starts out from. */
export interface Outset {
  /** Nodes of the root that are settled, with the ports that they followed. */
  readonly kept: ReadonlyMap<string, readonly string[]>;
  /** Nodes, of loops too, of which steps wait for an attempt that is due. */
  readonly due: ReadonlySet<string>;
  /** Nodes of the root that go on only when a person says so. */
  readonly doubtful: ReadonlySet<string>;
  /** True when steps that are kept are undone, too, should the run fail. */
  readonly undoesKept: boolean;
}

/**
 * Tells which nodes run when a run goes on from `outset`, by the edges alone: pure, and without a look at the data. Whatever
 * runs is in it; whatever is `certain` runs unless a step before it fails. Undoing nodes are `possible`.
 */
export function forecast(graph: PlanGraph, outset: Outset): ReadonlyMap<string, Sureness> {
  const root = new Map<string, Sureness>();
  for (const member of graph.root) {
    const sureness = outset.kept.has(member.node.id)
      ? undefined
      : surenessOf(graph, member, { outset, root });
    if (sureness) root.set(member.node.id, sureness);
  }
  demoteBehindStops(graph, root);
  return new Map([...root, ...inLoops(graph, root, outset), ...undoing(graph, root, outset)]);
}

interface Known {
  readonly outset: Outset;
  readonly root: ReadonlyMap<string, Sureness>;
}

function surenessOf(graph: PlanGraph, member: PlanNode, known: Known): Sureness | undefined {
  const { outset } = known;
  const { id } = member.node;
  if (outset.doubtful.has(id)) return 'possible';
  if (outset.due.has(id) || member.inputs.length === 0) return 'certain';
  const edges = member.inputs.map((input) => edgeSureness(graph, input, known));
  if (edges.every((edge) => edge === undefined)) return undefined;
  const waitsForPerson = [...outset.doubtful].some((doubtful) => member.ancestors.has(doubtful));
  return edges.includes('certain') && !waitsForPerson ? 'certain' : 'possible';
}

/** Whether the edge is followed; undefined for one that cannot be. */
function edgeSureness(
  { nodes }: PlanGraph,
  { from, port }: PlanInput,
  { outset, root }: Known,
): Sureness | undefined {
  const followed = outset.kept.get(from);
  if (followed) return followed.includes(port) ? 'certain' : undefined;
  const source = root.get(from);
  return source === 'certain' && nodes.get(from)?.surePort !== port ? 'possible' : source;
}

/** A step that ends the run keeps from running whatever need not come before it. */
function demoteBehindStops(graph: PlanGraph, root: Map<string, Sureness>): void {
  const running = graph.root.filter(({ node }) => root.has(node.id));
  const endings = running.filter((member) => withBody(member).some(({ endsRun }) => endsRun));
  if (endings.length === 0) return;
  const before = settledBefore(graph);
  for (const { node: ending } of endings)
    for (const id of root.keys())
      if (id !== ending.id && !before.get(ending.id)?.has(id)) root.set(id, 'possible');
}

/** For each node of the root, those that are settled by the time it runs. */
function settledBefore(graph: PlanGraph): ReadonlyMap<string, ReadonlySet<string>> {
  const before = new Map<string, ReadonlySet<string>>();
  for (const { node, inputs } of graph.root) {
    const ways = inputs.map(({ from }) => new Set([from, ...(before.get(from) ?? [])]));
    const all = new Set(ways.flatMap((way) => [...way]));
    const isSettled = (id: string) => node.join !== 'any' || ways.every((way) => way.has(id));
    before.set(node.id, new Set([...all].filter(isSettled)));
  }
  return before;
}

/** Of items nobody knows whether there are any, but for those that are due. */
function inLoops(
  graph: PlanGraph,
  root: ReadonlyMap<string, Sureness>,
  { due }: Outset,
): [string, Sureness][] {
  return graph.root
    .filter(({ node }) => root.has(node.id))
    .flatMap((loop) => {
      const [, ...body] = withBody(loop);
      const isSure = root.get(loop.node.id) === 'certain' && !body.some(({ endsRun }) => endsRun);
      return body.map(({ node }): [string, Sureness] => [
        node.id,
        isSure && due.has(node.id) ? 'certain' : 'possible',
      ]);
    });
}

function undoing(
  graph: PlanGraph,
  root: ReadonlyMap<string, Sureness>,
  outset: Outset,
): [string, Sureness][] {
  return graph.root
    .filter(({ node }) => root.has(node.id) || (outset.undoesKept && outset.kept.has(node.id)))
    .flatMap(withBody)
    .flatMap(({ undo }): [string, Sureness][] => (undo === undefined ? [] : [[undo, 'possible']]));
}
