import type { Fault } from '../fault.ts';
import { type FlowView, type ViewNode, nodeFault, nodeName } from './flow-view.ts';

/** `parent` and `compensate`: nodes that belong to other nodes. */
export function checkContainment(view: FlowView): readonly Fault[] {
  return view.nodes.flatMap((node) => [...parentFaults(node, view), ...compensateFaults(node, view)]);
}

function parentFaults(node: ViewNode, view: FlowView): readonly Fault[] {
  if (node.parent === undefined) return [];
  const refuse = (code: string, message: string): readonly Fault[] => [
    nodeFault(node, '/parent', { level: 'refused', code, message }),
  ];
  const parent = view.byId.get(node.parent);
  if (node.parent === node.id) return refuse('parent_itself', `${nodeName(node)} cannot contain itself.`);
  if (parent === undefined)
    return refuse('parent_unknown', `There is no node "${node.parent}" to contain this one.`);
  if (parent.nodeType !== undefined && parent.nodeType.isLoop !== true) {
    return refuse('parent_not_a_loop', `${nodeName(parent)} is not a loop, so it cannot contain nodes.`);
  }
  if (node.nodeType?.kind === 'trigger')
    return refuse('trigger_in_loop', 'A trigger cannot be inside a loop.');
  if (containsItself(node, view)) return refuse('parent_cycle', `${nodeName(node)} would be inside itself.`);
  return [];
}

function containsItself(node: ViewNode, view: FlowView): boolean {
  const seen = new Set<string>();
  let at = node.parent;
  while (at !== undefined && !seen.has(at)) {
    if (at === node.id) return true;
    seen.add(at);
    at = view.byId.get(at)?.parent;
  }
  return false;
}

function compensateFaults(node: ViewNode, view: FlowView): readonly Fault[] {
  if (node.compensate === undefined) return [];
  const refuse = (code: string, message: string): readonly Fault[] => [
    nodeFault(node, '/compensate', { level: 'refused', code, message }),
  ];
  const undo = view.byId.get(node.compensate);
  if (node.compensate === node.id)
    return refuse('compensate_itself', `${nodeName(node)} cannot undo itself.`);
  if (undo === undefined)
    return refuse('compensate_unknown', `There is no node "${node.compensate}" to undo this one.`);
  if (undo.nodeType?.kind === 'trigger')
    return refuse('compensate_trigger', 'A trigger cannot undo anything.');
  if (undo.compensate !== undefined) {
    return refuse(
      'compensate_chain',
      `${nodeName(undo)} undoes another node, so it cannot be undone itself.`,
    );
  }
  if (view.edges.some((edge) => edge.to === undo.id)) {
    const message = `${nodeName(undo)} runs only to undo ${nodeName(node)}, so nothing may lead to it. Remove its incoming edges.`;
    return refuse('compensate_has_incoming', message);
  }
  return [];
}
