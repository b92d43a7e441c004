import { isLoop } from '#components/canvas/loop-bodies.ts';
import { isTrigger, portsOf } from '#components/canvas/node-ports.ts';
import type { Catalog } from '#core/catalog.ts';
import { edgePort } from '#core/flow-document.ts';
import type { FlowDocument, FlowEdge, FlowNode } from '#core/flow-document.ts';
import { incomingEdges, nodeById, outgoingEdges } from '#core/graph.ts';
import { undoNodeIds } from '#core/loop-body.ts';

import { edgeId } from '#core/edge-id.ts';

import { stepKey } from './outline-item.ts';
import type { BranchItem, OutlineItem } from './outline-item.ts';

/** Lines of one level, and the edges to nodes that wait until all that leads to them is told. */
interface Told {
  readonly items: readonly OutlineItem[];
  readonly waiting: readonly FlowEdge[];
}

interface Telling {
  readonly document: FlowDocument;
  readonly catalog: Catalog;
  readonly undoing: ReadonlySet<string>;
  /** Ids of the nodes that have their line. */
  readonly placed: Set<string>;
}

/**
 * The whole flow as a tree: each node stands in it once, and each edge is told once, as the way to the next line, as the
 * first line of a branch, or as a reference. A node where several edges meet stands after the innermost node whose branches
 * hold all of them, and each of these ends in a reference to it.
 */
export function buildOutline(document: FlowDocument, catalog: Catalog): readonly OutlineItem[] {
  const telling: Telling = { document, catalog, undoing: undoNodeIds(document), placed: new Set() };
  const trigger = document.nodes.find((node) => isTrigger(node, catalog));
  const main = trigger ? tellAll(telling, trigger.id) : [];
  const starts = document.nodes.filter((node) => node.parent === undefined);
  // The last ones: in a document that can be stored there are none, but the outline leaves out nothing.
  const loose = asStarts([...tellStarts(telling, starts), ...tellEach(telling, document.nodes)], undefined);
  return loose.length === 0 ? main : [...main, { kind: 'loose', key: 'loose', children: loose }];
}

/** From one node to the end; what still waits comes after it. */
function tellAll(telling: Telling, nodeId: string): readonly OutlineItem[] {
  let told = tellFrom(telling, nodeId, undefined);
  for (let [edge] = told.waiting; edge !== undefined; [edge] = told.waiting)
    told = goOn(telling, told, meetingIn(telling, told.waiting) ?? edge.to);
  return told.items;
}

/** What begins among these nodes: first those that nothing leads to. */
function tellStarts(telling: Telling, nodes: readonly FlowNode[]): readonly (readonly OutlineItem[])[] {
  const working = nodes.filter(({ id }) => !telling.undoing.has(id));
  const first = working.filter(({ id }) => incomingEdges(telling.document, id).length === 0);
  return [...tellEach(telling, first), ...tellEach(telling, working)];
}

function tellEach(telling: Telling, nodes: readonly FlowNode[]): readonly (readonly OutlineItem[])[] {
  return nodes.flatMap(({ id }) => (telling.placed.has(id) ? [] : [tellAll(telling, id)]));
}

/** Several beginnings are a group each. */
function asStarts(
  groups: readonly (readonly OutlineItem[])[],
  parent: string | undefined,
): readonly OutlineItem[] {
  if (groups.length <= 1) return groups[0] ?? [];
  return groups.map((children, index) => ({
    kind: 'start',
    key: `start ${children[0]?.key ?? index}`,
    index,
    count: groups.length,
    parent,
    children,
  }));
}

/** One node after the other, until there is no next one or the way branches. */
function tellFrom(telling: Telling, nodeId: string, via: FlowEdge | undefined): Told {
  const items: OutlineItem[] = [];
  let [at, by] = [nodeById(telling.document, nodeId), via];
  while (at !== undefined && !telling.placed.has(at.id)) {
    const node = at;
    telling.placed.add(node.id);
    const inside = tellInside(telling, node);
    const branches = tellBranches(telling, node);
    items.push(step(node.id, by, [...inside, ...(branches?.items ?? [])]));
    if (branches) return meet(telling, { items, waiting: branches.waiting });
    const [edge] = outgoingEdges(telling.document, node.id);
    if (edge === undefined) break;
    if (!leadsOn(telling, edge)) return withReference(telling, items, edge);
    [at, by] = [nodeById(telling.document, edge.to), edge];
  }
  return { items, waiting: [] };
}

function step(nodeId: string, via: FlowEdge | undefined, children: readonly OutlineItem[]): OutlineItem {
  return { kind: 'step', key: stepKey(nodeId), nodeId, role: 'step', via, children };
}

/** The body of a loop, and what undoes a node. */
function tellInside(telling: Telling, node: FlowNode): readonly OutlineItem[] {
  const { document, catalog, placed } = telling;
  const inside: OutlineItem[] = [];
  if (isLoop(node, catalog)) {
    const body = document.nodes.filter(({ parent }) => parent === node.id);
    const children = asStarts(tellStarts(telling, body), node.id);
    inside.push({ kind: 'body', key: `body ${node.id}`, nodeId: node.id, children });
  }
  const undo = node.compensate;
  if (undo !== undefined && !placed.has(undo) && nodeById(document, undo)) {
    const { items } = tellFrom(telling, undo, undefined);
    inside.push(...items.map((item) => (item.kind === 'step' && item.nodeId === undo ? asUndo(item) : item)));
  }
  return inside;
}

const asUndo = (item: Extract<OutlineItem, { kind: 'step' }>): OutlineItem => ({ ...item, role: 'undo' });

/** A line for each way that leaves a node; undefined where there is one way at most, which simply goes on. */
function tellBranches(telling: Telling, node: FlowNode): Told | undefined {
  const edges = outgoingEdges(telling.document, node.id);
  const ports = [...new Set([...portsOf(node, telling.catalog), ...edges.map(edgePort)])];
  if (ports.length <= 1 && edges.length <= 1) return undefined;
  const told = ports.map((port) =>
    tellPort(
      telling,
      { node, port },
      edges.filter((edge) => edgePort(edge) === port),
    ),
  );
  return { items: told.flatMap(({ items }) => items), waiting: told.flatMap(({ waiting }) => waiting) };
}

function tellPort(
  telling: Telling,
  { node, port }: { node: FlowNode; port: string },
  edges: readonly FlowEdge[],
): Told {
  const branch = (index: number, key: string, children: readonly OutlineItem[]): BranchItem => ({
    kind: 'branch',
    key: `branch ${node.id}.${port}${key}`,
    nodeId: node.id,
    port,
    index,
    count: edges.length,
    children,
  });
  if (edges.length === 0) return { items: [branch(0, '', [])], waiting: [] };
  const told = edges.map((edge) =>
    leadsOn(telling, edge) ? tellFrom(telling, edge.to, edge) : withReference(telling, [], edge),
  );
  return {
    items: told.map(({ items }, index) => branch(index, index === 0 ? '' : ` ${index + 1}`, items)),
    waiting: told.flatMap(({ waiting }) => waiting),
  };
}

/** True where the edge is the one way to a node: that node is told right there. */
function leadsOn({ document, placed }: Telling, edge: FlowEdge): boolean {
  return incomingEdges(document, edge.to).length === 1 && !placed.has(edge.to);
}

function withReference({ placed }: Telling, items: readonly OutlineItem[], edge: FlowEdge): Told {
  const reference: OutlineItem = { kind: 'reference', key: `to ${edgeId(edge)}`, edge };
  return { items: [...items, reference], waiting: placed.has(edge.to) ? [] : [edge] };
}

/** Goes on with each node that all branches told so far lead to. */
function meet(telling: Telling, before: Told): Told {
  let told = before;
  for (
    let ready = meetingIn(telling, told.waiting);
    ready !== undefined;
    ready = meetingIn(telling, told.waiting)
  )
    told = goOn(telling, told, ready);
  return told;
}

/** The first node of which every edge that leads to it waits here. */
function meetingIn({ document }: Telling, waiting: readonly FlowEdge[]): string | undefined {
  const counts = Map.groupBy(waiting, (edge) => edge.to);
  return [...counts].find(([id, edges]) => edges.length === incomingEdges(document, id).length)?.[0];
}

function goOn(telling: Telling, told: Told, nodeId: string): Told {
  const next = tellFrom(telling, nodeId, undefined);
  return {
    items: [...told.items, ...next.items],
    waiting: [...told.waiting.filter((edge) => edge.to !== nodeId), ...next.waiting],
  };
}
