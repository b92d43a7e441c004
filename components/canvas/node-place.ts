import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, Position } from '#core/flow-document.ts';

import { fallbackPositions } from './fallback-layout.ts';
import { portsOf } from './node-ports.ts';
import { COLUMN_GAP, GRID, NODE_WIDTH, nodeHeight, ROW_GAP, snap } from './node-size.ts';

/** A rectangle on the canvas, in flow units. */
export interface Box extends Position {
  readonly width: number;
  readonly height: number;
}

/** Where each node lies, by id. */
export function nodeBoxes(document: FlowDocument, catalog: Catalog): Map<string, Box> {
  const positions = fallbackPositions(document);
  return new Map(
    document.nodes.map((node) => {
      const { x, y } = positions.get(node.id) ?? { x: 0, y: 0 };
      return [node.id, { x, y, width: NODE_WIDTH, height: nodeHeight(portsOf(node, catalog).length) }];
    }),
  );
}

/** The free place nearest below `wanted` for a new node, on the grid. */
export function freePlace(wanted: Position, boxes: Iterable<Box>, height = nodeHeight(1)): Position {
  const taken = [...boxes];
  const place = { x: snap(wanted.x), y: snap(wanted.y), width: NODE_WIDTH, height };
  while (taken.some((box) => overlaps(place, box))) place.y += GRID;
  return { x: place.x, y: place.y };
}

/** The place for a node that follows `nodeId` by `port`: one column on, the ports' nodes one below the other. */
export function placeAfter(
  document: FlowDocument,
  source: { nodeId: string; port: string },
  catalog: Catalog,
): Position {
  const boxes = nodeBoxes(document, catalog);
  const box = boxes.get(source.nodeId);
  const node = document.nodes.find((candidate) => candidate.id === source.nodeId);
  if (!box || !node) return freePlace({ x: 0, y: 0 }, boxes.values());
  const ports = portsOf(node, catalog);
  const row = Math.max(0, ports.indexOf(source.port));
  const spread = (row - (ports.length - 1) / 2) * (nodeHeight(1) + ROW_GAP);
  const wanted = { x: box.x + NODE_WIDTH + COLUMN_GAP, y: box.y + (box.height - nodeHeight(1)) / 2 + spread };
  return freePlace(wanted, boxes.values());
}

function overlaps(a: Box, b: Box): boolean {
  const gap = GRID;
  return (
    a.x < b.x + b.width + gap &&
    b.x < a.x + a.width + gap &&
    a.y < b.y + b.height + gap &&
    b.y < a.y + a.height + gap
  );
}
