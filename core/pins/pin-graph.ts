import type { PlanGraph, PlanNode, PlanScope } from '../plan-graph.ts';
import type { Pins } from './pin.ts';

/**
 * The graph with its pinned nodes as what they are then: without effects, so that the journal owes them nothing; without a body,
 * where a loop itself is pinned; and without an undoing node, which would undo what never happened, unless that is pinned, too.
 */
export function pinGraph(graph: PlanGraph, pins: Pins | null): PlanGraph {
  if (!pins || Object.keys(pins).length === 0) return graph;
  const nodes = new Map([...graph.nodes].map(([id, member]) => [id, pinned(member, pins)]));
  return { ...graph, nodes, root: scopeOf(graph.root, nodes) };
}

/** Bodies are lists of the same objects that `nodes` has. */
function scopeOf(scope: PlanScope, nodes: Map<string, PlanNode>): PlanScope {
  return scope.map(({ node }) => {
    const member = nodes.get(node.id)!;
    if (!member.body) return member;
    const withBody = { ...member, body: scopeOf(member.body, nodes) };
    nodes.set(node.id, withBody);
    return withBody;
  });
}

function pinned(member: PlanNode, pins: Pins): PlanNode {
  const pin = Object.hasOwn(pins, member.node.id) ? pins[member.node.id] : undefined;
  if (!pin || member.kind === 'trigger') return member;
  const keepsUndo = member.undo !== undefined && Object.hasOwn(pins, member.undo);
  return {
    ...member,
    effect: 'pure',
    body: 'items' in pin ? member.body : undefined,
    undo: keepsUndo ? member.undo : undefined,
  };
}
