import type { Catalog } from './catalog.ts';
import { edgePort, type Effect, type FlowDocument, type FlowNode } from './flow-document.ts';
import { StepFailure } from './step-failure.ts';

/** Where an edge comes from. */
export interface PlanInput {
  readonly from: string;
  readonly port: string;
}

/** A node as the planner sees it. */
export interface PlanNode {
  readonly node: FlowNode;
  readonly kind: 'trigger' | 'action';
  readonly effect: Effect | 'pure';
  readonly inputs: readonly PlanInput[];
  /** Ids of the nodes that its edges lead to. */
  readonly next: readonly string[];
}

/** The nodes that are planned together, in a fixed order: topological, ties by place in the document. */
export type PlanScope = readonly PlanNode[];

/** A flow made ready for planning. Immutable; made once a version. */
export interface PlanGraph {
  readonly flow: FlowDocument;
  readonly trigger: PlanNode;
  /** What the trigger reaches outside loops. Everything else waits to be entered by its loop or compensation. */
  readonly root: PlanScope;
  readonly nodes: ReadonlyMap<string, PlanNode>;
}

/** Compiles a validated flow. Throws `StepFailure` (`flow_invalid`) for one that no validator has let through. */
export function compilePlan(flow: FlowDocument, catalog: Catalog): PlanGraph {
  const nodes = new Map(flow.nodes.map((node) => [node.id, planNode(flow, node, catalog)]));
  const triggers = [...nodes.values()].filter(({ kind }) => kind === 'trigger');
  const [trigger] = triggers;
  if (!trigger || triggers.length > 1) throw invalidFlow('The flow needs exactly one trigger.');
  return { flow, trigger, root: rootScope(trigger, nodes), nodes };
}

function planNode(flow: FlowDocument, node: FlowNode, catalog: Catalog): PlanNode {
  const type = catalog(node.type, node.version);
  if (!type)
    throw invalidFlow(`Node ${node.id} is of type ${node.type} version ${node.version}, which is unknown.`);
  const declared = type.effect(node.config);
  return {
    node,
    kind: type.kind,
    effect: declared === 'pure' ? 'pure' : (node.effect ?? declared),
    inputs: flow.edges
      .filter(({ to }) => to === node.id)
      .map((edge) => ({ from: edge.from, port: edgePort(edge) })),
    next: flow.edges.filter(({ from }) => from === node.id).map(({ to }) => to),
  };
}

/**
 * What the trigger reaches, in order. Edges from nodes outside are dropped: they can never be followed, and a join
 * would wait for them for ever.
 */
function rootScope(trigger: PlanNode, nodes: ReadonlyMap<string, PlanNode>): PlanScope {
  const reached = reachableFrom(trigger, nodes);
  const members = [...nodes.values()]
    .filter(({ node }) => reached.has(node.id))
    .map((member) => ({ ...member, inputs: member.inputs.filter(({ from }) => reached.has(from)) }));
  const ordered = inOrder(members);
  if (ordered.length < members.length) throw invalidFlow('The flow goes round in a circle.');
  return ordered;
}

function reachableFrom(trigger: PlanNode, nodes: ReadonlyMap<string, PlanNode>): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = [trigger.node.id];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const found = nodes.get(id);
    if (!found || found.node.parent !== undefined || reached.has(id)) continue;
    reached.add(id);
    pending.push(...found.next);
  }
  return reached;
}

/** Kahn's algorithm, always taking the ready node that stands first in the document. */
function inOrder(members: readonly PlanNode[]): PlanNode[] {
  const place = new Map(members.map(({ node }, index) => [node.id, index]));
  const open = members.map(({ inputs }) => inputs.length);
  const ordered: PlanNode[] = [];
  const ready = new SmallestFirst(open.flatMap((count, index) => (count === 0 ? [index] : [])));
  for (let index = ready.take(); index !== undefined; index = ready.take()) {
    const member = members[index]!;
    ordered.push(member);
    for (const id of member.next) {
      const target = place.get(id);
      if (target !== undefined && --open[target]! === 0) ready.add(target);
    }
  }
  return ordered;
}

/** A sorted list of numbers; flows are small enough for it. */
class SmallestFirst {
  readonly #descending: number[];

  constructor(values: readonly number[]) {
    this.#descending = [...values].sort((a, b) => b - a);
  }

  add(value: number): void {
    const at = this.#descending.findIndex((other) => other < value);
    this.#descending.splice(at === -1 ? this.#descending.length : at, 0, value);
  }

  take(): number | undefined {
    return this.#descending.pop();
  }
}

function invalidFlow(message: string): StepFailure {
  return new StepFailure({ kind: 'invalid', code: 'flow_invalid', message });
}
