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
  /** Every node on a way to this one; the steps that its expressions can name. */
  readonly ancestors: ReadonlySet<string>;
}

/** The nodes that are planned together, in a fixed order: topological, ties by place in the document. */
export type PlanScope = readonly PlanNode[];

/** A flow made ready for planning. Immutable; made once a version. */
export interface PlanGraph {
  /** What the trigger reaches. Everything else is never planned. */
  readonly root: PlanScope;
  /** The same nodes by id. */
  readonly nodes: ReadonlyMap<string, PlanNode>;
  /** The flow's own deadline for a run, if it sets one. */
  readonly timeoutSeconds: number | undefined;
}

/** Compiles a validated flow. Throws `StepFailure` (`flow_invalid`) for one that no validator has let through. */
export function compilePlan(flow: FlowDocument, catalog: Catalog): PlanGraph {
  const linked = new Map(flow.nodes.map((node) => [node.id, linkNode(flow, node, catalog)]));
  const triggers = [...linked.values()].filter(({ kind }) => kind === 'trigger');
  const [trigger] = triggers;
  if (!trigger || triggers.length > 1) throw invalidFlow('The flow needs exactly one trigger.');
  const root = withAncestors(rootScope(trigger, linked));
  const nodes = new Map(root.map((member) => [member.node.id, member]));
  return { root, nodes, timeoutSeconds: flow.settings.timeoutSeconds };
}

/** A node and its edges, before its place among the others is known. */
type LinkedNode = Omit<PlanNode, 'ancestors'>;

function linkNode(flow: FlowDocument, node: FlowNode, catalog: Catalog): LinkedNode {
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
function rootScope(trigger: LinkedNode, nodes: ReadonlyMap<string, LinkedNode>): readonly LinkedNode[] {
  const reached = reachableFrom(trigger, nodes);
  const members = [...nodes.values()]
    .filter(({ node }) => reached.has(node.id))
    .map((member) => ({ ...member, inputs: member.inputs.filter(({ from }) => reached.has(from)) }));
  const ordered = inOrder(members);
  if (ordered.length < members.length) throw invalidFlow('The flow goes round in a circle.');
  return ordered;
}

function reachableFrom(trigger: LinkedNode, nodes: ReadonlyMap<string, LinkedNode>): ReadonlySet<string> {
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
function inOrder(members: readonly LinkedNode[]): LinkedNode[] {
  const place = new Map(members.map(({ node }, index) => [node.id, index]));
  const open = members.map(({ inputs }) => inputs.length);
  const ordered: LinkedNode[] = [];
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

function withAncestors(ordered: readonly LinkedNode[]): PlanNode[] {
  const ancestors = new Map<string, Set<string>>();
  return ordered.map((member) => {
    const above = new Set<string>();
    for (const { from } of member.inputs) {
      above.add(from);
      for (const id of ancestors.get(from) ?? []) above.add(id);
    }
    ancestors.set(member.node.id, above);
    return { ...member, ancestors: above };
  });
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
