import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowNode, Position } from '#core/flow-document.ts';
import { contentsOf } from '#core/graph.ts';

import { bodyBoxes, freePlace, nodeBoxes, nodeSize, overlaps } from './node-place.ts';
import type { Box } from './node-place.ts';
import { ROW_GAP, UNDO_GAP } from './node-size.ts';

export interface RoomBelow {
  readonly position: Position;
  /** The new places of what was in the way; empty when nothing was. */
  readonly moved: Readonly<Record<string, Position>>;
}

/**
 * The place right below a node for the one that undoes it. What is in the way goes down, with all that is below it; where that
 * would push it onto others, the place is the next free one instead.
 */
export function roomBelow(
  document: FlowDocument,
  undone: FlowNode,
  { catalog, node }: { catalog: Catalog; node: FlowNode },
): RoomBelow {
  const boxes = bodyBoxes(document, catalog, undone.parent);
  const { x = 0, y = 0, height = 0 } = boxes.get(undone.id) ?? {};
  const place = { x, y: y + height + UNDO_GAP, ...nodeSize(node, catalog) };
  const column = [...boxes].filter(([, box]) => box.y >= y + height && isAbove(place, box));
  const by = column.some(([, box]) => overlaps(place, box)) ? neededBy(place, column) : 0;
  const after = new Map(boxes);
  for (const [id, box] of column) after.set(id, { ...box, y: box.y + by });
  const isTight =
    column.some(([id]) => hitsAnother(id, after)) || [...after.values()].some((box) => overlaps(place, box));
  if (isTight) return { position: freePlace(place, boxes.values(), place), moved: {} };
  const everywhere = nodeBoxes(document, catalog);
  const ids =
    by === 0
      ? []
      : [
          ...contentsOf(
            document,
            column.map(([id]) => id),
          ),
        ];
  const moved = ids.map((id) => {
    const old = everywhere.get(id) ?? { x: 0, y: 0 };
    return [id, { x: old.x, y: old.y + by }] as const;
  });
  return { position: { x: place.x, y: place.y }, moved: Object.fromEntries(moved) };
}

function isAbove(place: Box, box: Box): boolean {
  return box.x < place.x + place.width && place.x < box.x + box.width;
}

function neededBy(place: Box, column: readonly (readonly [string, Box])[]): number {
  return place.y + place.height + ROW_GAP - Math.min(...column.map(([, box]) => box.y));
}

function hitsAnother(id: string, boxes: ReadonlyMap<string, Box>): boolean {
  const own = boxes.get(id);
  return own !== undefined && [...boxes].some(([other, box]) => other !== id && overlaps(own, box));
}
