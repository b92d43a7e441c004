import type { Position } from '#core/flow-document.ts';

import type { Box } from './node-place.ts';
import { snap } from './node-size.ts';

export type Alignment = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom';
export type Axis = 'horizontally' | 'vertically';

/** Corners, by the name of what stands there. */
type Places = Readonly<Record<string, Position>>;

/** New corners for boxes that are lined up: at an outer edge of all of them, or along the middle. On the grid. */
export function align(boxes: ReadonlyMap<string, Box>, how: Alignment): Places {
  const all = [...boxes.values()];
  if (all.length === 0) return {};
  const left = Math.min(...all.map(({ x }) => x));
  const top = Math.min(...all.map(({ y }) => y));
  const right = Math.max(...all.map(({ x, width }) => x + width));
  const bottom = Math.max(...all.map(({ y, height }) => y + height));
  const placeOf = ({ x, y, width, height }: Box): Position => {
    switch (how) {
      case 'left':
        return { x: left, y };
      case 'centre':
        return { x: snap((left + right - width) / 2), y };
      case 'right':
        return { x: right - width, y };
      case 'top':
        return { x, y: top };
      case 'middle':
        return { x, y: snap((top + bottom - height) / 2) };
      case 'bottom':
        return { x, y: bottom - height };
    }
  };
  return Object.fromEntries([...boxes].map(([id, box]) => [id, placeOf(box)]));
}

/** New corners with the same room between each box and the next; the two outermost ones stay. On the grid. */
export function distribute(boxes: ReadonlyMap<string, Box>, axis: Axis): Places {
  const start = (box: Box): number => (axis === 'horizontally' ? box.x : box.y);
  const size = (box: Box): number => (axis === 'horizontally' ? box.width : box.height);
  const inOrder = [...boxes].sort(([, a], [, b]) => start(a) - start(b));
  const [first, last] = [inOrder[0]?.[1], inOrder.at(-1)?.[1]];
  if (!first || !last || inOrder.length < 3) return {};
  const taken = inOrder.reduce((sum, [, box]) => sum + size(box), 0);
  const gap = (start(last) + size(last) - start(first) - taken) / (inOrder.length - 1);
  let at = start(first);
  return Object.fromEntries(
    inOrder.map(([id, box], index) => {
      const isOutermost = index === 0 || index === inOrder.length - 1;
      const to = isOutermost ? start(box) : snap(at);
      at += size(box) + gap;
      return [id, axis === 'horizontally' ? { x: to, y: box.y } : { x: box.x, y: to }];
    }),
  );
}
