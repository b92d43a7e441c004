import type { Fault } from '../fault.ts';
import { type FlowView, type ViewNode, nodeFault, nodeName } from './flow-view.ts';

/** Warns of nodes that no run can come to. Silent without a trigger: then that is the one thing to say. */
export function checkReach(view: FlowView): readonly Fault[] {
  const trigger = view.nodes.find((node) => node.nodeType?.kind === 'trigger');
  if (trigger?.id === undefined) return [];
  const reached = reachedFrom(trigger.id, view);
  return view.nodes
    .filter((node) => node.id !== undefined && !reached.has(node.id) && node.nodeType?.kind !== 'trigger')
    .map((node) => {
      const message = `Nothing leads to ${nodeName(node)}, so it never runs. Connect it or remove it.`;
      return nodeFault(node, '', { level: 'warning', code: 'node_unreached', message });
    });
}

function reachedFrom(start: string, view: FlowView): ReadonlySet<string> {
  const outgoing = Map.groupBy(view.edges, (edge) => edge.from);
  const hasIncoming = new Set(view.edges.map((edge) => edge.to));
  const bodies = Map.groupBy(
    view.nodes.filter((node) => node.parent !== undefined && !hasIncoming.has(node.id ?? '')),
    (node) => node.parent ?? '',
  );
  const reached = new Set([start]);
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of following(id)) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;

  function following(id: string): readonly string[] {
    const undo = view.byId.get(id)?.compensate;
    const body = (bodies.get(id) ?? []).map((node: ViewNode) => node.id ?? '');
    return [
      ...(outgoing.get(id) ?? []).map((edge) => edge.to),
      ...body,
      ...(undo === undefined ? [] : [undo]),
    ];
  }
}
