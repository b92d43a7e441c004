import type * as dagreModule from '@dagrejs/dagre';

import type { Catalog } from '#core/catalog.ts';
import { edgePort } from '#core/flow-document.ts';
import type { FlowDocument, FlowEdge, FlowNode, Position } from '#core/flow-document.ts';
import { nodeById } from '#core/graph.ts';

import { bodyOf, isLoop } from './loop-bodies.ts';
import { nodeBoxes, nodeSize } from './node-place.ts';
import { portsOf } from './node-ports.ts';
import { COLUMN_GAP, EMPTY_LOOP_SIZE, LOOP_PADDING, ROW_GAP, snap, UNDO_GAP } from './node-size.ts';
import type { Size } from './node-size.ts';
import { isUndo } from './undo-nodes.ts';

type Dagre = typeof dagreModule;

/** Nodes of one body, from its upper left corner, and the room that they take together. */
interface Layout extends Size {
  readonly places: ReadonlyMap<string, Position>;
}

/** Fetches the layout's code ahead, so that it is there when the network has gone. */
export async function loadLayout(): Promise<void> {
  await import('@dagrejs/dagre').catch((error: unknown) => {
    console.warn('The layout could not be loaded; tidying up will try again', error);
  });
}

/**
 * Places for all nodes, left to right, layered by dagre (loaded after the editor: most visits need none of it): bodies of
 * loops first, each loop then as large as its body. What undoes a node stands below it. The first node of the document
 * stays where it is, so that the flow does not jump away from under the reader.
 */
export async function tidyLayout(
  document: FlowDocument,
  catalog: Catalog,
): Promise<Record<string, Position>> {
  const dagre = await import('@dagrejs/dagre');
  const { places } = layBody(undefined, { document, catalog, dagre });
  const [first] = bodyOf(document, undefined);
  if (!first) return {};
  const [old, place] = [nodeBoxes(document, catalog).get(first.id), places.get(first.id)];
  const by = { x: (old?.x ?? 0) - (place?.x ?? 0), y: (old?.y ?? 0) - (place?.y ?? 0) };
  return Object.fromEntries(
    [...places].map(([id, { x, y }]) => [id, { x: snap(x + by.x), y: snap(y + by.y) }]),
  );
}

interface Flow {
  readonly document: FlowDocument;
  readonly catalog: Catalog;
  readonly dagre: Dagre;
}

function layBody(loopId: string | undefined, flow: Flow): Layout {
  const { document, catalog, dagre } = flow;
  const body = bodyOf(document, loopId);
  const inner = new Map(
    body.filter((node) => isLoop(node, catalog)).map(({ id }) => [id, layBody(id, flow)]),
  );
  const sizeOf = (node: FlowNode) => withPadding(inner.get(node.id)) ?? nodeSize(node, catalog);
  const columns = body.filter((node) => !isUndo(document, node.id));
  const undoOf = (node: FlowNode) => body.find(({ id }) => id === node.compensate);

  const graph = new dagre.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: ROW_GAP, ranksep: COLUMN_GAP, ranker: 'network-simplex' });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of columns) graph.setNode(node.id, withUndo(sizeOf(node), undoOf(node), sizeOf));
  for (const edge of lastPortFirst(document, catalog)) {
    if (graph.hasNode(edge.from) && graph.hasNode(edge.to))
      graph.setEdge(edge.from, edge.to, {}, edge.port ?? 'out');
  }
  dagre.layout(graph);

  const places = new Map<string, Position>();
  const put = (node: FlowNode, { x, y }: Position) => {
    places.set(node.id, { x, y });
    for (const [id, place] of inner.get(node.id)?.places ?? [])
      places.set(id, { x: x + LOOP_PADDING.left + place.x, y: y + LOOP_PADDING.top + place.y });
  };
  for (const node of columns) {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(node.id);
    const corner = { x: snap(x - width / 2), y: snap(y - height / 2) };
    put(node, corner);
    const undo = undoOf(node);
    if (undo) put(undo, { x: corner.x, y: corner.y + sizeOf(node).height + UNDO_GAP });
  }
  return { places, ...extent(body, places, sizeOf) };
}

/** Of several branches dagre puts the one that it was told of last at the top. */
function lastPortFirst(document: FlowDocument, catalog: Catalog): readonly FlowEdge[] {
  const rank = (edge: FlowEdge) => {
    const source = nodeById(document, edge.from);
    return source ? portsOf(source, catalog).indexOf(edgePort(edge)) : 0;
  };
  return document.edges.toSorted((a, b) => rank(b) - rank(a));
}

/** A node and what undoes it are laid out as one. */
function withUndo(own: Size, undo: FlowNode | undefined, sizeOf: (node: FlowNode) => Size): Size {
  if (!undo) return { ...own };
  const below = sizeOf(undo);
  return { width: Math.max(own.width, below.width), height: own.height + UNDO_GAP + below.height };
}

function withPadding(body: Layout | undefined): Size | undefined {
  if (!body) return undefined;
  if (body.places.size === 0) return EMPTY_LOOP_SIZE;
  const { left, right, top, bottom } = LOOP_PADDING;
  return { width: left + body.width + right, height: top + body.height + bottom };
}

function extent(
  body: readonly FlowNode[],
  places: Map<string, Position>,
  sizeOf: (node: FlowNode) => Size,
): Size {
  if (body.length === 0) return { width: 0, height: 0 };
  const corners = body.map((node) => places.get(node.id) ?? { x: 0, y: 0 });
  const [left, top] = [Math.min(...corners.map(({ x }) => x)), Math.min(...corners.map(({ y }) => y))];
  for (const [id, { x, y }] of places) places.set(id, { x: x - left, y: y - top });
  const rights = body.map((node) => (places.get(node.id)?.x ?? 0) + sizeOf(node).width);
  const bottoms = body.map((node) => (places.get(node.id)?.y ?? 0) + sizeOf(node).height);
  return { width: Math.max(...rights), height: Math.max(...bottoms) };
}
