import type { Catalog } from '../catalog.ts';
import type { FlowDocument, FlowNode } from '../flow-document.ts';
import type { FlowOperation } from '../flow-operation.ts';
import { contentsOf } from '../graph.ts';
import { type Edit, cleanNode, edited, makeEdge, noSuchNode, refuse, sameEdge } from './edit.ts';
import { withoutNodes } from './note-nodes.ts';
import { withoutNodesInSets, withPinSets } from './with-pin-sets.ts';

type Operation<K extends FlowOperation['kind']> = Extract<FlowOperation, { kind: K }>;

export function addNode(flow: FlowDocument, { node }: Operation<'add_node'>): Edit {
  return edited({ ...flow, nodes: [...flow.nodes, cleanNode(node)] });
}

/** The new node leads on from its first port, in the loop that the edge is in. */
export function insertOnEdge(
  flow: FlowDocument,
  { node, edge }: Operation<'insert_on_edge'>,
  catalog: Catalog,
): Edit {
  const index = flow.edges.findIndex((other) => sameEdge(other, edge));
  const replaced = flow.edges[index];
  if (replaced === undefined) return refuse('edge_unknown', 'The edge to insert on is not there any more.');
  const [port] = catalog(node.type, node.version)?.ports(node.config ?? {}) ?? ['out'];
  if (port === undefined) {
    return refuse('node_leads_nowhere', 'This node ends the run, so it cannot stand between two others.');
  }
  const parent = flow.nodes.find((other) => other.id === replaced.from)?.parent;
  const inserted: FlowNode = cleanNode({ ...node, parent: node.parent ?? parent });
  const into = makeEdge(replaced.from, replaced.port ?? 'out', node.id);
  const onwards = makeEdge(node.id, port, replaced.to);
  return edited({
    ...flow,
    nodes: [...flow.nodes, inserted],
    edges: flow.edges.toSpliced(index, 1, into, onwards),
  });
}

/** Edges, pins, places in groups, and references as a compensation go with the nodes; so does what is inside a removed loop. */
export function removeNodes(flow: FlowDocument, { nodeIds }: Operation<'remove_nodes'>): Edit {
  const unknown = nodeIds.find((id) => !flow.nodes.some((node) => node.id === id));
  if (unknown !== undefined) return noSuchNode(unknown);
  if (nodeIds.length === 0) return edited(flow);
  const gone = contentsOf(flow, nodeIds);
  const left: FlowDocument = {
    ...flow,
    nodes: flow.nodes.filter((node) => !gone.has(node.id)).map((node) => forgetCompensation(node, gone)),
    edges: flow.edges.filter((edge) => !gone.has(edge.from) && !gone.has(edge.to)),
    notes: ungroup(flow, gone),
    pins: withoutPins(flow, gone),
  };
  const sets = withoutNodesInSets(flow.pinSets, gone);
  return edited(sets === flow.pinSets ? left : withPinSets(left, sets ?? {}));
}

export function moveNodes(flow: FlowDocument, { positions }: Operation<'move_nodes'>): Edit {
  const known = new Set(flow.nodes.map((node) => node.id));
  const unknown = Object.keys(positions).find((id) => !known.has(id));
  if (unknown !== undefined) return noSuchNode(unknown);
  let moved = false;
  const nodes = flow.nodes.map((node) => {
    const to = Object.hasOwn(positions, node.id) ? positions[node.id] : undefined;
    if (to === undefined || (node.position?.x === to.x && node.position.y === to.y)) return node;
    moved = true;
    return { ...node, position: { x: to.x, y: to.y } };
  });
  return edited(moved ? { ...flow, nodes } : flow);
}

function forgetCompensation(node: FlowNode, gone: ReadonlySet<string>): FlowNode {
  if (node.compensate === undefined || !gone.has(node.compensate)) return node;
  const { compensate: _, ...rest } = node;
  return rest;
}

function ungroup({ notes }: FlowDocument, gone: ReadonlySet<string>): FlowDocument['notes'] {
  const left = notes.map((note) => withoutNodes(note, gone));
  return left.every((note, index) => note === notes[index]) ? notes : left;
}

function withoutPins(flow: FlowDocument, gone: ReadonlySet<string>): FlowDocument['pins'] {
  const pins = Object.entries(flow.pins);
  const kept = pins.filter(([id]) => !gone.has(id));
  return kept.length === pins.length ? flow.pins : Object.fromEntries(kept);
}
