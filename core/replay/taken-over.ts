import type { PlanGraph, PlanNode } from '../plan-graph.ts';
import type { RecordedStep } from './recorded-step.ts';

/** What a replay from the middle starts out from. */
export interface TakeOver {
  /** Of the version that the replay runs. */
  readonly graph: PlanGraph;
  /** Of the version that the original run ran. */
  readonly original: PlanGraph;
  /** The original's steps outside loops, by node. */
  readonly recorded: ReadonlyMap<string, RecordedStep>;
  /** The node of the root at which the replay begins. */
  readonly from: string;
}

/**
 * The nodes of the root whose steps a replay takes over: those that do not come after `from` and whose step in the original is
 * settled for good. A node that has become something else, or whose failure the version no longer handles, runs anew.
 */
export function takenOver({ graph, original, recorded, from }: TakeOver): PlanNode[] {
  const later = nodesFrom(graph, from);
  return graph.root.filter((member) => {
    const { id } = member.node;
    const step = recorded.get(id);
    if (!step || later.has(id) || !isSameKind(member, original.nodes.get(id))) return false;
    return isSettledForGood(member, step);
  });
}

/** The node itself, and all that comes after it along edges. */
export function nodesFrom({ nodes }: PlanGraph, from: string): ReadonlySet<string> {
  const found = new Set([from]);
  for (const id of found) for (const next of nodes.get(id)?.next ?? []) found.add(next);
  return found;
}

/** A loop and all that is in it, at any depth; any other node alone. */
export function withBody(member: PlanNode): PlanNode[] {
  return [member, ...(member.body ?? []).flatMap(withBody)];
}

function isSameKind(member: PlanNode, before: PlanNode | undefined): boolean {
  return before?.node.type === member.node.type && before.loops.length === 0;
}

function isSettledForGood({ node }: PlanNode, { status, ports }: RecordedStep): boolean {
  if (status === 'failed') return ports.length > 0 && (node.onError ?? 'fail') !== 'fail';
  return status === 'succeeded' || status === 'skipped';
}
