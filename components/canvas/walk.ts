import { incomingEdges, nodeById, outgoingEdges } from '#core/graph.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import type { Box } from './node-place.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The node that an arrow key leads to: left and right follow edges first (the nearest of several), then, like up and
 * down, the nearest node that lies that way. Down leads into a loop, up and left beyond its first nodes out to it.
 * Undefined at the border.
 */
export function walk(
  document: FlowDocument,
  boxes: ReadonlyMap<string, Box>,
  { from, direction }: { from: string; direction: Direction },
): string | undefined {
  const start = boxes.get(from);
  if (!start) return undefined;
  const linked = linkedNodes(document, from, direction);
  const [inside] = direction === 'down' ? document.nodes.filter(({ parent }) => parent === from) : [];
  if (inside) return inside.id;
  const scope = nodeById(document, from)?.parent;
  const neighbours = document.nodes.filter(({ id, parent }) => id !== from && parent === scope);
  const candidates = linked.length > 0 ? linked : neighbours.map(({ id }) => id);
  const costs = candidates.flatMap((id) => {
    const box = boxes.get(id);
    const cost = box && (linked.length > 0 ? distance(start, box) : costOf(start, box, direction));
    return cost === undefined ? [] : [{ id, cost }];
  });
  const nearest = costs.sort((a, b) => a.cost - b.cost)[0]?.id;
  return nearest ?? (direction === 'up' || direction === 'left' ? scope : undefined);
}

function linkedNodes(document: FlowDocument, from: string, direction: Direction): string[] {
  if (direction === 'right') return outgoingEdges(document, from).map((edge) => edge.to);
  if (direction === 'left') return incomingEdges(document, from).map((edge) => edge.from);
  return [];
}

const centre = (box: Box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

function distance(a: Box, b: Box): number {
  const [from, to] = [centre(a), centre(b)];
  return Math.hypot(to.x - from.x, to.y - from.y);
}

/** Undefined when the box does not lie that way. Going sideways costs double, so that a straight line is kept. */
function costOf(start: Box, box: Box, direction: Direction): number | undefined {
  const [from, to] = [centre(start), centre(box)];
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const isVertical = direction === 'up' || direction === 'down';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  const ahead = (isVertical ? dy : dx) * sign;
  return ahead <= 0 ? undefined : ahead + 2 * Math.abs(isVertical ? dx : dy);
}

/** The direction of an arrow key by its `KeyboardEvent.key`; undefined for other keys. */
export function arrowDirection(key: string): Direction | undefined {
  switch (key) {
    case 'ArrowLeft':
      return 'left';
    case 'ArrowRight':
      return 'right';
    case 'ArrowUp':
      return 'up';
    case 'ArrowDown':
      return 'down';
    default:
      return undefined;
  }
}
