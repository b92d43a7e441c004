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
  /** Every node on a way to this one, loops around it included; the steps that its expressions can name. */
  readonly ancestors: ReadonlySet<string>;
  /** Ids of the loops around it, outermost first. */
  readonly loops: readonly string[];
  /** What a loop repeats; undefined for every other node. */
  readonly body: PlanScope | undefined;
  /** The port that it follows whenever it succeeds; undefined where its data decides. */
  readonly surePort: string | undefined;
  /** True where it ends the whole run. */
  readonly endsRun: boolean;
  /** Id of the node that undoes this one. */
  readonly undo: string | undefined;
  /** Its place in the whole graph: scope by scope, a body right after its loop. */
  readonly place: number;
}

/** The nodes that are planned together, in a fixed order: topological, ties by place in the document. */
export type PlanScope = readonly PlanNode[];

/** A flow made ready for planning. Immutable; made once a version. */
export interface PlanGraph {
  /** What the trigger reaches. Everything else is never planned. */
  readonly root: PlanScope;
  /** The same nodes by id, those in the bodies of loops, and those that undo any of them. */
  readonly nodes: ReadonlyMap<string, PlanNode>;
  /** True when a step may wait for a time or a word from outside. */
  readonly canWait: boolean;
  /** The flow's own deadline for a run, if it sets one. */
  readonly timeoutSeconds: number | undefined;
}

/** Compiles a validated flow. Throws `StepFailure` (`flow_invalid`) for one that no validator has let through. */
export function compilePlan(flow: FlowDocument, catalog: Catalog): PlanGraph {
  const linked = new Map(flow.nodes.map((node) => [node.id, linkNode(flow, node, catalog)]));
  const triggers = [...linked.values()].filter(({ kind }) => kind === 'trigger');
  const [trigger] = triggers;
  if (!trigger || triggers.length > 1) throw invalidFlow('The flow needs exactly one trigger.');
  const compiler = new ScopeCompiler(linked);
  const root = compiler.scope(reachableFrom(trigger, linked), undefined);
  const { nodes } = compiler;
  const canWait = [...nodes.values()].some(({ node }) => catalog(node.type, node.version)?.canWait);
  return { root, nodes, canWait, timeoutSeconds: flow.settings.timeoutSeconds };
}

/** Puts nodes into their scopes, and scopes into each other. */
class ScopeCompiler {
  readonly nodes = new Map<string, PlanNode>();
  readonly #linked: ReadonlyMap<string, LinkedNode>;
  /** Ids of the nodes that run only to undo another. */
  readonly #undoing: ReadonlySet<string>;
  #place = 0;

  constructor(linked: ReadonlyMap<string, LinkedNode>) {
    this.#linked = linked;
    this.#undoing = new Set([...linked.values()].flatMap(({ node }) => node.compensate ?? []));
  }

  /**
   * The scope that these nodes make, in order. Edges from outside are dropped: they can never be followed, and a join
   * would wait for them for ever.
   */
  scope(ids: ReadonlySet<string>, loop: PlanNode | undefined): PlanScope {
    const members = [...this.#linked.values()]
      .filter(({ node }) => ids.has(node.id) && !this.#undoing.has(node.id))
      .map((member) => ({ ...member, inputs: member.inputs.filter(({ from }) => ids.has(from)) }));
    const ordered = inOrder(members);
    if (ordered.length < members.length) throw invalidFlow('The flow goes round in a circle.');
    return ordered.map((member) => this.#put(member, loop));
  }

  #put(member: LinkedNode, loop: PlanNode | undefined): PlanNode {
    const ancestors = new Set(loop && [...loop.ancestors, loop.node.id]);
    for (const { from } of member.inputs) {
      ancestors.add(from);
      for (const id of this.nodes.get(from)?.ancestors ?? []) ancestors.add(id);
    }
    const { isLoop, ...rest } = member;
    const loops = loop ? [...loop.loops, loop.node.id] : [];
    const placed = { ...rest, ancestors, loops, body: undefined, undo: undefined, place: this.#place++ };
    const body = isLoop ? this.scope(this.#bodyOf(member), placed) : undefined;
    const undo = this.#addUndo(placed);
    const node = { ...placed, body, undo };
    this.nodes.set(node.node.id, node);
    return node;
  }

  #bodyOf({ node }: LinkedNode): ReadonlySet<string> {
    const members = [...this.#linked.values()].filter((each) => each.node.parent === node.id);
    return new Set(members.map((each) => each.node.id));
  }

  /** What undoes a step sees what that step saw, and its output. */
  #addUndo(undone: PlanNode): string | undefined {
    const undo = this.#linked.get(undone.node.compensate ?? '');
    if (!undo) return undefined;
    const { isLoop: _, ...rest } = undo;
    this.nodes.set(undo.node.id, {
      ...rest,
      inputs: [],
      next: [],
      ancestors: new Set([...undone.ancestors, undone.node.id]),
      loops: undone.loops,
      body: undefined,
      undo: undefined,
      place: undone.place,
    });
    return undo.node.id;
  }
}

/** A node and its edges, before its place among the others is known. */
type LinkedNode = Omit<PlanNode, 'ancestors' | 'loops' | 'body' | 'undo' | 'place'> & {
  readonly isLoop: boolean;
};

function linkNode(flow: FlowDocument, node: FlowNode, catalog: Catalog): LinkedNode {
  const type = catalog(node.type, node.version);
  if (!type)
    throw invalidFlow(`Node ${node.id} is of type ${node.type} version ${node.version}, which is unknown.`);
  const declared = type.effect(node.config);
  const ports = type.ports(node.config);
  return {
    node,
    kind: type.kind,
    isLoop: type.isLoop === true,
    surePort: ports.length === 1 && !type.mayFollowNone ? ports[0] : undefined,
    endsRun: type.endsRun === true,
    effect: declared === 'pure' ? 'pure' : (node.effect ?? declared),
    inputs: flow.edges
      .filter(({ to }) => to === node.id)
      .map((edge) => ({ from: edge.from, port: edgePort(edge) })),
    next: flow.edges.filter(({ from }) => from === node.id).map(({ to }) => to),
  };
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
