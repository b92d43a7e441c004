import type { Catalog } from '#core/catalog.ts';
import { contentsOf, descendantsOf, nodeById } from '#core/graph.ts';
import type { FlowDocument, FlowEdge, Position } from '#core/flow-document.ts';

import { nodeBoxes } from './node-place.ts';
import { COLUMN_GAP, NODE_WIDTH } from './node-size.ts';

/**
 * The new places of everything downstream of an edge, moved right just far enough that a node of this width fits on it.
 * Empty when it fits already.
 */
export function makeRoom(
  document: FlowDocument,
  catalog: Catalog,
  { edge, width = NODE_WIDTH }: { edge: FlowEdge; width?: number },
): Record<string, Position> {
  const boxes = nodeBoxes(document, catalog);
  const [start, end] = [boxes.get(edge.from), boxes.get(edge.to)];
  if (!start || !end || end.x < start.x) return {};
  const missing = start.x + start.width + COLUMN_GAP + width + COLUMN_GAP - end.x;
  if (missing <= 0) return {};
  const after = [edge.to, ...descendantsOf(document, edge.to)];
  const undoing = after.flatMap((id) => nodeById(document, id)?.compensate ?? []);
  const moved = contentsOf(document, [...after, ...undoing]);
  return Object.fromEntries(
    [...moved].map((id) => {
      const { x, y } = boxes.get(id) ?? { x: 0, y: 0 };
      return [id, { x: x + missing, y }];
    }),
  );
}
