import type { Step } from '../api/runs.ts';
import type { FlowDocument } from '../flow-document.ts';
import { compareKeys, outerKey, stepId } from '../plan/step-id.ts';
import { orderNodes } from './order-nodes.ts';

type StepPlace = Pick<Step, 'nodeId' | 'key'>;

/**
 * Each step once, in the order of the graph: those of a loop after the loop, item by item. Nodes that only the second document
 * has stand where that has them, behind the others of equal place.
 */
export function orderSteps(
  steps: readonly StepPlace[],
  [document, other]: readonly [FlowDocument, FlowDocument],
): readonly StepPlace[] {
  const nodes = [
    ...document.nodes,
    ...other.nodes.filter(({ id }) => !document.nodes.some((n) => n.id === id)),
  ];
  const order = orderNodes({
    nodes,
    edges: document === other ? document.edges : [...document.edges, ...other.edges],
  });
  const parents = new Map(nodes.map(({ id, parent }) => [id, parent]));
  const sorted = [...new Map(steps.map((step) => [stepId(step.nodeId, step.key), step])).values()]
    .map((step) => ({ step, path: pathOf(step, parents, order) }))
    .sort((one, another) => comparePaths(one.path, another.path));
  return sorted.map(({ step }) => step);
}

/** The way down to a step: the place of each loop around it and the item there, then its own place. */
type StepPath = readonly { readonly item: string; readonly place: number }[];

function pathOf(
  { nodeId, key }: StepPlace,
  parents: ReadonlyMap<string, string | undefined>,
  order: ReadonlyMap<string, number>,
): StepPath {
  const chain: string[] = [];
  for (let id: string | undefined = nodeId; id !== undefined; id = parents.get(id)) chain.unshift(id);
  return chain.map((id, depth) => ({ item: outerKey(key, depth), place: order.get(id) ?? order.size }));
}

function comparePaths(one: StepPath, other: StepPath): number {
  for (const [level, { item, place }] of one.entries()) {
    const against = other[level];
    if (against === undefined) return 1;
    const difference = compareKeys(item || '0', against.item || '0') || place - against.place;
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
