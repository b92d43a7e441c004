import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowNode, Position } from '#core/flow-document.ts';
import { contentsOf, nodeById } from '#core/graph.ts';

import { fallbackPositions } from './fallback-layout.ts';
import { bodyOf, isLoop } from './loop-bodies.ts';
import { portsOf } from './node-ports.ts';
import {
  COLUMN_GAP,
  EMPTY_LOOP_SIZE,
  GRID,
  LOOP_PADDING,
  NODE_WIDTH,
  nodeHeight,
  ROW_GAP,
  snap,
} from './node-size.ts';
import type { Size } from './node-size.ts';

/** A rectangle on the canvas, in flow units. */
export interface Box extends Position, Size {}

const known = new WeakMap<FlowDocument, Map<string, Box>>();

/**
 * Where each node lies, by id. A loop lies closely around the nodes in it, wherever its own place in the document is;
 * only one without nodes is where that says.
 */
export function nodeBoxes(document: FlowDocument, catalog: Catalog): Map<string, Box> {
  const before = known.get(document);
  if (before) return before;
  const positions = fallbackPositions(document, catalog);
  const boxes = new Map<string, Box>();
  const add = (node: FlowNode): Box => {
    const inside = bodyOf(document, node.id);
    const corner = positions.get(node.id) ?? { x: 0, y: 0 };
    const box = inside.length > 0 ? around(inside.map(add)) : { ...corner, ...nodeSize(node, catalog) };
    boxes.set(node.id, box);
    return box;
  };
  bodyOf(document, undefined).forEach(add);
  known.set(document, boxes);
  return boxes;
}

/** Where the nodes of one body lie, by id: the others are inside of these or around them. */
export function bodyBoxes(
  document: FlowDocument,
  catalog: Catalog,
  loopId: string | undefined,
): ReadonlyMap<string, Box> {
  const boxes = nodeBoxes(document, catalog);
  return new Map(
    bodyOf(document, loopId).flatMap(({ id }) => {
      const box = boxes.get(id);
      return box ? [[id, box] as const] : [];
    }),
  );
}

/** How large a node is drawn that has nothing inside. */
export function nodeSize(node: FlowNode, catalog: Catalog): Size {
  if (isLoop(node, catalog)) return EMPTY_LOOP_SIZE;
  return { width: NODE_WIDTH, height: nodeHeight(portsOf(node, catalog).length) };
}

/** The innermost loop at a point of the canvas, leaving some out with all that is in them. */
export function loopAt(
  document: FlowDocument,
  catalog: Catalog,
  { point, except = [] }: { point: Position; except?: Iterable<string> },
): string | undefined {
  const boxes = nodeBoxes(document, catalog);
  const left = contentsOf(document, except);
  const find = (loopId: string | undefined): string | undefined => {
    const inner = bodyOf(document, loopId).find((node) => {
      const box = boxes.get(node.id);
      return box && !left.has(node.id) && isLoop(node, catalog) && contains(box, point);
    });
    return inner ? find(inner.id) : loopId;
  };
  return find(undefined);
}

/** Where the first node of an empty loop stands, so that the loop stays where it is; else a place below the others. */
export function insidePlace(document: FlowDocument, catalog: Catalog, loopId: string): Position {
  const { x = 0, y = 0 } = nodeBoxes(document, catalog).get(loopId) ?? {};
  const inside = [...bodyBoxes(document, catalog, loopId).values()];
  const bottom = inside.map((box) => box.y + box.height + ROW_GAP);
  return { x: x + LOOP_PADDING.left, y: Math.max(y + LOOP_PADDING.top, ...bottom) };
}

/** The free place nearest below `wanted` for a new node, on the grid. */
export function freePlace(wanted: Position, boxes: Iterable<Box>, size: Partial<Size> = {}): Position {
  const taken = [...boxes];
  const { width = NODE_WIDTH, height = nodeHeight(1) } = size;
  const place = { x: snap(wanted.x), y: snap(wanted.y), width, height };
  while (taken.some((box) => overlaps(place, box))) place.y += GRID;
  return { x: place.x, y: place.y };
}

/** The place for a node that follows `nodeId` by `port`: one column on, the ports' nodes one below the other. */
export function placeAfter(
  document: FlowDocument,
  source: { nodeId: string; port: string; size?: Size },
  catalog: Catalog,
): Position {
  const node = nodeById(document, source.nodeId);
  const boxes = bodyBoxes(document, catalog, node?.parent);
  const box = boxes.get(source.nodeId);
  if (!box || !node) return freePlace({ x: 0, y: 0 }, boxes.values(), source.size);
  const wanted = { x: box.x + box.width + COLUMN_GAP, y: box.y };
  if (!isLoop(node, catalog)) {
    const ports = portsOf(node, catalog);
    const row = Math.max(0, ports.indexOf(source.port));
    const spread = (row - (ports.length - 1) / 2) * (nodeHeight(1) + ROW_GAP);
    wanted.y += (box.height - nodeHeight(1)) / 2 + spread;
  }
  return freePlace(wanted, boxes.values(), source.size);
}

/** True when two boxes lie on each other or closer together than one step of the grid. */
export function overlaps(a: Box, b: Box): boolean {
  const gap = GRID;
  return (
    a.x < b.x + b.width + gap &&
    b.x < a.x + a.width + gap &&
    a.y < b.y + b.height + gap &&
    b.y < a.y + a.height + gap
  );
}

function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x)) - LOOP_PADDING.left;
  const y = Math.min(...boxes.map((box) => box.y)) - LOOP_PADDING.top;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + LOOP_PADDING.right;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + LOOP_PADDING.bottom;
  return { x, y, width: right - x, height: bottom - y };
}

function contains(box: Box, { x, y }: Position): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}
