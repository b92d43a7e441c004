import type { Fault } from '../fault.ts';
import { type FlowView, type ViewNode, nodeFault, nodeName } from './flow-view.ts';

/** `parent` and `compensate`: nodes that belong to other nodes. */
export function checkContainment(view: FlowView): readonly Fault[] {
  const undoing = new Set(view.nodes.map(({ compensate }) => compensate));
  const filled = new Set(view.nodes.filter(({ id }) => !undoing.has(id)).map(({ parent }) => parent));
  return view.nodes.flatMap((node) => [
    ...parentFaults(node, view),
    ...(node.nodeType?.isLoop === true && !filled.has(node.id) ? [emptyLoop(node)] : []),
    ...compensateFaults(node, view),
  ]);
}

function emptyLoop(node: ViewNode): Fault {
  const message = `${nodeName(node)} has no steps inside to run for its items. Put one in.`;
  return nodeFault(node, '', { level: 'blocks_publish', code: 'loop_empty', message });
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
  return undoFaults(node, undo, view);
}

/** What an undoing node may not be, or be part of: it runs by itself, after everything else, and to its end. */
function undoFaults(node: ViewNode, undo: ViewNode, view: FlowView): readonly Fault[] {
  const fault = (code: string, message: string, level: Fault['level'] = 'refused'): readonly Fault[] => [
    nodeFault(node, '/compensate', { level, code, message }),
  ];
  const name = nodeName(undo);
  const only = `${name} runs only to undo ${nodeName(node)}`;
  if (undo.compensate !== undefined)
    return fault('compensate_chain', `${name} undoes another node, so it cannot be undone itself.`);
  if (view.edges.some((edge) => edge.to === undo.id))
    return fault('compensate_has_incoming', `${only}, so nothing may lead to it. Remove its incoming edges.`);
  if (view.edges.some((edge) => edge.from === undo.id))
    return fault('compensate_has_outgoing', `${only}, so it leads nowhere. Remove its outgoing edges.`);
  const sharers = view.nodes.filter(({ compensate }) => compensate === undo.id);
  if (sharers.length > 1 && sharers[0] !== node)
    return fault(
      'compensate_shared',
      `${name} undoes ${nodeName(sharers[0]!)} already. Use a node of its own.`,
    );
  if (undo.nodeType?.isLoop === true) return fault('compensate_loop', 'A loop cannot undo anything.');
  if (undo.nodeType?.canWait === true)
    return fault('compensate_waits', `${name} may have to wait, so it cannot undo anything.`);
  if (undo.nodeType?.endsRun === true)
    return fault('compensate_ends_run', `${name} ends the run, so it cannot undo anything.`);
  if (undo.parent !== node.parent) {
    const message = `${name} must stand in the same loop as ${nodeName(node)}, which it undoes. Move one of them.`;
    return fault('compensate_elsewhere', message, 'blocks_publish');
  }
  return [];
}
