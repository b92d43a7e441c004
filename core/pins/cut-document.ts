import type { FlowDocument } from '../flow-document.ts';
import { ancestorsOf, contentsOf, nodeById } from '../graph.ts';

/**
 * The part of a flow that runs when it is run up to a node: what comes before that, the node itself, and what undoes any of
 * them. Loops before it are whole; of a loop around it, only what leads to it is left. The flow's turn, rate and failure flow
 * are left out, for they belong to whole runs.
 */
export function cutDocument(flow: FlowDocument, nodeId: string): FlowDocument {
  const kept = keptNodes(flow, nodeId);
  const { timeoutSeconds } = flow.settings;
  const { pinSets: _, ...rest } = flow;
  return {
    ...rest,
    settings: timeoutSeconds === undefined ? {} : { timeoutSeconds },
    nodes: flow.nodes.filter(({ id }) => kept.has(id)),
    edges: flow.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
    notes: [],
    pins: {},
  };
}

function keptNodes(flow: FlowDocument, nodeId: string): ReadonlySet<string> {
  const before = ancestorsOf(flow, nodeId);
  const around = loopsAround(flow, nodeId);
  const whole = [nodeId, ...before].filter((id) => !around.has(id));
  const kept = new Set([...around, ...contentsOf(flow, whole)]);
  for (const id of [...kept]) {
    const undo = nodeById(flow, id)?.compensate;
    if (undo !== undefined) kept.add(undo);
  }
  return kept;
}

/** Ids of the loops that contain the node. */
export function loopsAround(
  flow: Pick<FlowDocument, 'nodes' | 'edges'>,
  nodeId: string,
): ReadonlySet<string> {
  const around = new Set<string>();
  for (
    let id = nodeById(flow, nodeId)?.parent;
    id !== undefined && !around.has(id);
    id = nodeById(flow, id)?.parent
  )
    around.add(id);
  return around;
}
