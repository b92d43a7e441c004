import { applyOperation } from '#core/apply-operation.ts';
import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, Position } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { contentsOf } from '#core/graph.ts';

import { bodyOf, isLoop, loopsAround } from './loop-bodies.ts';
import { bodyBoxes, nodeBoxes, overlaps } from './node-place.ts';
import type { Box } from './node-place.ts';

/**
 * The same operations, and after them the moves that keep loops from growing over their neighbours: what lies right of a
 * loop that grew goes right, what lies below it goes down, from the inside outwards. Operations that are refused come back
 * as they are.
 */
export function withRoom(
  document: FlowDocument,
  operations: readonly FlowOperation[],
  catalog: Catalog,
): readonly FlowOperation[] {
  let after = document;
  for (const operation of operations) {
    const applied = applyOperation(after, operation, catalog);
    if (!applied.ok) return operations;
    after = applied.flow;
  }
  const moves: Record<string, Position> = {};
  for (const loopId of innermostFirst(after, catalog)) {
    const positions = pushed(document, after, { loopId, catalog });
    if (Object.keys(positions).length === 0) continue;
    Object.assign(moves, positions);
    after = placed(after, positions);
  }
  return Object.keys(moves).length === 0
    ? operations
    : [...operations, { kind: 'move_nodes', positions: moves }];
}

function innermostFirst(document: FlowDocument, catalog: Catalog): readonly string[] {
  return document.nodes
    .filter((node) => isLoop(node, catalog))
    .sort((a, b) => loopsAround(document, b).length - loopsAround(document, a).length)
    .map((node) => node.id);
}

function pushed(
  before: FlowDocument,
  after: FlowDocument,
  { loopId, catalog }: { loopId: string; catalog: Catalog },
): Record<string, Position> {
  const loop = after.nodes.find((node) => node.id === loopId);
  const [old, now] = [before, after].map((each) => nodeBoxes(each, catalog).get(loopId));
  if (!loop || !now || !old || bodyOf(after, loopId).length === 0) return {};
  const others = [...bodyBoxes(after, catalog, loop.parent)].filter(([id]) => id !== loopId);
  const isHit = (isBeyond: (box: Box) => boolean) =>
    others.some(([, box]) => isBeyond(box) && overlaps(box, now));
  const right = (box: Box) => box.x >= old.x + old.width;
  const below = (box: Box) => !right(box) && box.y >= old.y + old.height;
  const dx = isHit(right) ? now.x + now.width - (old.x + old.width) : 0;
  const dy = isHit(below) ? now.y + now.height - (old.y + old.height) : 0;
  const boxes = nodeBoxes(after, catalog);
  const moves = others.flatMap(([id, box]) => {
    const by = { x: right(box) ? Math.max(0, dx) : 0, y: below(box) ? Math.max(0, dy) : 0 };
    return by.x === 0 && by.y === 0
      ? []
      : [...contentsOf(after, [id])].map((moved) => {
          const { x, y } = boxes.get(moved) ?? box;
          return [moved, { x: x + by.x, y: y + by.y }] as const;
        });
  });
  return Object.fromEntries(moves);
}

function placed(document: FlowDocument, positions: Readonly<Record<string, Position>>): FlowDocument {
  return {
    ...document,
    nodes: document.nodes.map((node) => ({ ...node, position: positions[node.id] ?? node.position })),
  };
}
