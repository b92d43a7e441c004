import type { Position } from '#core/flow-document.ts';

import { NODE_WIDTH, nodeHeight } from './node-size.ts';

/** Where a node has to be put to stand in the middle of what is seen, in flow units. */
export function centreOfCanvas(toFlow: (point: Position) => Position): Position {
  const canvas = document.querySelector('[data-region="canvas"]');
  const { left, top, width, height } = canvas?.getBoundingClientRect() ?? new DOMRect();
  const { x, y } = toFlow({ x: left + width / 2, y: top + height / 2 });
  return { x: x - NODE_WIDTH / 2, y: y - nodeHeight(1) / 2 };
}
