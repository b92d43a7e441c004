/** Flow units are CSS pixels at 100 % zoom. Every size is a multiple of the grid, so that ports line up. */
export const GRID = 16;
export const NODE_WIDTH = 240;
const HEADER_HEIGHT = 64;
const PORT_ROW_HEIGHT = 24;

/** Room between a node and the next: enough for an edge, its label and its "+". */
export const COLUMN_GAP = 80;
export const ROW_GAP = 32;
/** Between a node and what undoes it, below. */
export const UNDO_GAP = 48;

/** Room between the frame of a loop and the nodes in it; above them comes the loop's own header, too. */
export const LOOP_PADDING = { left: 32, right: 64, top: HEADER_HEIGHT + 32, bottom: 48 } as const;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A loop with nothing in it has room for one node. */
export const EMPTY_LOOP_SIZE: Size = {
  width: LOOP_PADDING.left + NODE_WIDTH + LOOP_PADDING.right,
  height: LOOP_PADDING.top + HEADER_HEIGHT + LOOP_PADDING.bottom,
};

/** Height of a node's card: a row for each named port below the header when there are several. */
export function nodeHeight(portCount: number): number {
  return portCount > 1 ? HEADER_HEIGHT + portCount * PORT_ROW_HEIGHT + 8 : HEADER_HEIGHT;
}

/** The nearest point of the grid. */
export function snap(value: number): number {
  return Math.round(value / GRID) * GRID;
}
