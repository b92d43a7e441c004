import { Position } from '@xyflow/react';
import type { NodeHandle } from '@xyflow/react';

import type { StepNodeData } from './canvas-node.ts';
import type { Size } from './node-size.ts';

/** From here on, nodes outside the view are not drawn; below, drawing all is faster than deciding. */
export const MANY_NODES = 150;

const BORDER = 1;
/** Across, as `.step-handle` in `canvas.css`. */
const SIZE = 10;
/** Middle of the header, below the border. */
const HEADER_MIDDLE = BORDER + 32;
/** Middle of the first named port: below the header, a line and the room above the rows. */
const FIRST_ROW = { step: BORDER + 64 + 1 + 4 + 12, loop: BORDER + 68 + 12 } as const;
const ROW_HEIGHT = 24;
const UNDO_LEFT = 193;

export interface HandleSources extends Pick<StepNodeData, 'ports' | 'role' | 'hasUndo'> {
  readonly type: 'step' | 'loop';
  readonly isTrigger: boolean;
  readonly size: Size;
}

/**
 * Where the handles of a node are that was never drawn, as `canvas.css` places them. With these React Flow draws the edges to it;
 * without, it would first draw every node of a large flow to measure it.
 */
export function expectedHandles({
  ports,
  role,
  hasUndo,
  type,
  isTrigger,
  size,
}: HandleSources): NodeHandle[] {
  const right = size.width - BORDER;
  const [first, ...others] = role === 'undo' ? [] : ports;
  const isInHeader = type === 'loop' || ports.length === 1;
  const named = isInHeader ? others : [...(first === undefined ? [] : [first]), ...others];
  return [
    ...(isTrigger || role === 'undo' ? [] : [handle('in', 'target', Position.Left, BORDER, HEADER_MIDDLE)]),
    ...(isInHeader && first !== undefined ? [source(first, right, HEADER_MIDDLE)] : []),
    ...named.map((port, index) => source(port, right, FIRST_ROW[type] + index * ROW_HEIGHT)),
    ...(hasUndo ? [handle('undo', 'source', Position.Bottom, UNDO_LEFT, size.height - BORDER)] : []),
    ...(role === 'undo' ? [handle('undone', 'target', Position.Top, UNDO_LEFT, BORDER)] : []),
  ];
}

const source = (port: string, x: number, y: number) => handle(port, 'source', Position.Right, x, y);

/** `x` and `y` are its middle, from the upper left corner of the node. */
function handle(
  id: string,
  type: NodeHandle['type'],
  position: Position,
  ...[x, y]: [number, number]
): NodeHandle {
  return { id, type, position, x: x - SIZE / 2, y: y - SIZE / 2, width: SIZE, height: SIZE };
}
