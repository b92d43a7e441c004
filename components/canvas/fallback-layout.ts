import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowNode, Position } from '#core/flow-document.ts';

import { bodyOf, isLoop } from './loop-bodies.ts';
import { portsOf } from './node-ports.ts';
import { COLUMN_GAP, EMPTY_LOOP_SIZE, LOOP_PADDING, NODE_WIDTH, nodeHeight } from './node-size.ts';
import type { Size } from './node-size.ts';
import { undoneBy } from './undo-nodes.ts';

const ROW = 144;
const ROW_SPACE = 48;

interface Flow {
  readonly document: FlowDocument;
  readonly catalog: Catalog;
}

const known = new WeakMap<FlowDocument, ReadonlyMap<string, Position>>();

/**
 * A place for every node that has none (documents written by hand or by a program often leave it out): a column a step
 * away from the start, rows in document order, each loop around its own. Nodes with a place keep it. All places are of the
 * canvas, also inside loops.
 */
export function fallbackPositions(document: FlowDocument, catalog: Catalog): ReadonlyMap<string, Position> {
  const before = known.get(document);
  if (before) return before;
  const positions = new Map(
    document.nodes.flatMap((node) => (node.position ? [[node.id, node.position] as const] : [])),
  );
  if (positions.size < document.nodes.length)
    placeScope({ document, catalog }, undefined, { corner: { x: 0, y: 0 }, positions });
  known.set(document, positions);
  return positions;
}

function placeScope(
  flow: Flow,
  loopId: string | undefined,
  { corner, positions }: { corner: Position; positions: Map<string, Position> },
): void {
  for (const [id, offset] of offsetsIn(flow, loopId).places) {
    if (!positions.has(id)) positions.set(id, { x: corner.x + offset.x, y: corner.y + offset.y });
  }
  for (const node of bodyOf(flow.document, loopId)) {
    const { x = 0, y = 0 } = positions.get(node.id) ?? {};
    const inside = { x: x + LOOP_PADDING.left, y: y + LOOP_PADDING.top };
    if (isLoop(node, flow.catalog)) placeScope(flow, node.id, { corner: inside, positions });
  }
}

/** The nodes without a place of one scope, from its corner, and how much room they take. */
function offsetsIn(flow: Flow, loopId: string | undefined): { places: Map<string, Position>; size: Size } {
  const body = bodyOf(flow.document, loopId);
  const columns = columnsOf(flow.document, body);
  const free = body.filter((node) => !node.position);
  const sizes = new Map(free.map((node) => [node.id, sizeOf(flow, node)]));
  const places = new Map<string, Position>();
  let x = 0;
  let height = 0;
  for (let column = 0; column <= Math.max(0, ...columns.values()); column += 1) {
    let [y, width] = [0, NODE_WIDTH];
    for (const node of free.filter(({ id }) => columns.get(id) === column)) {
      const size = sizes.get(node.id) ?? EMPTY_LOOP_SIZE;
      places.set(node.id, { x, y });
      height = Math.max(height, y + size.height);
      y += Math.max(ROW, size.height + ROW_SPACE);
      width = Math.max(width, size.width);
    }
    x += width + COLUMN_GAP;
  }
  return { places, size: { width: x - COLUMN_GAP, height } };
}

function sizeOf(flow: Flow, node: FlowNode): Size {
  if (!isLoop(node, flow.catalog))
    return { width: NODE_WIDTH, height: nodeHeight(portsOf(node, flow.catalog).length) };
  if (bodyOf(flow.document, node.id).length === 0) return EMPTY_LOOP_SIZE;
  const { width, height } = offsetsIn(flow, node.id).size;
  return {
    width: LOOP_PADDING.left + width + LOOP_PADDING.right,
    height: LOOP_PADDING.top + height + LOOP_PADDING.bottom,
  };
}

/**
 * Longest way from any start, in edges; a node that undoes another stands in that one's column. Stops at the number of
 * nodes, so that a cycle cannot hold it up.
 */
function columnsOf(document: FlowDocument, body: readonly FlowNode[]): Map<string, number> {
  const columns = new Map(body.map((node) => [node.id, 0]));
  const edges = document.edges.filter((edge) => columns.has(edge.from) && columns.has(edge.to));
  for (let round = 0; round < body.length; round += 1) {
    let changed = false;
    for (const edge of edges) {
      const next = (columns.get(edge.from) ?? 0) + 1;
      if (next <= (columns.get(edge.to) ?? 0) || next > body.length) continue;
      columns.set(edge.to, next);
      changed = true;
    }
    if (!changed) break;
  }
  for (const { id } of body) {
    const undone = undoneBy(document, id);
    if (undone !== undefined) columns.set(id, columns.get(undone.id) ?? 0);
  }
  return columns;
}
