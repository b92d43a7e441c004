import { outgoingEdges } from '#core/graph.ts';
import type { FlowDocument, Position } from '#core/flow-document.ts';

import { fallbackPositions } from './fallback-layout.ts';
import { COLUMN_GAP, NODE_WIDTH } from './node-size.ts';

/**
 * The new places of everything downstream of `to`, moved right just far enough that a node fits between `from` and `to`.
 * Empty when it fits already.
 */
export function makeRoom(document: FlowDocument, from: string, to: string): Record<string, Position> {
  const positions = fallbackPositions(document);
  const [start, end] = [positions.get(from), positions.get(to)];
  if (!start || !end || end.x < start.x) return {};
  const missing = start.x + 2 * (NODE_WIDTH + COLUMN_GAP) - end.x;
  if (missing <= 0) return {};
  return Object.fromEntries(
    [...downstreamOf(document, to)].map((id) => {
      const { x, y } = positions.get(id) ?? { x: 0, y: 0 };
      return [id, { x: x + missing, y }];
    }),
  );
}

function downstreamOf(document: FlowDocument, start: string): Set<string> {
  const reached = new Set([start]);
  for (const id of reached) for (const edge of outgoingEdges(document, id)) reached.add(edge.to);
  return reached;
}
