import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { isLoop } from '#components/canvas/loop-bodies.ts';
import { type Box, nodeBoxes } from '#components/canvas/node-place.ts';
import type { Size } from '#components/canvas/node-size.ts';

/** Side of the square that stands for a node. */
export const CHIP = 30;
/** The canvas is drawn smaller, and narrower than it is high: a square needs less room than a card with words. */
const SCALE = { x: 0.175, y: 0.42 };
const MARGIN = 10;
const LEVEL = 9;

export interface MiniatureShape extends Size {
  readonly nodes: readonly { readonly node: FlowNode; readonly box: Box; readonly isLoop: boolean }[];
  readonly lines: readonly { readonly key: string; readonly path: string; readonly isUndo: boolean }[];
}

/** A flow as squares and lines, from the places of its nodes on the canvas. */
export function miniatureShape(document: FlowDocument, catalog: Catalog): MiniatureShape {
  const loops = new Set(document.nodes.filter((node) => isLoop(node, catalog)).map(({ id }) => id));
  const all = [...nodeBoxes(document, catalog)];
  const placed = new Map([
    ...all.filter(([id]) => loops.has(id)).map(([id, box]) => [id, frameOf(box)] as const),
    ...levelled(all.filter(([id]) => !loops.has(id)).map(([id, box]) => [id, chipOf(box)] as const)),
  ]);
  const boxes = [...placed.values()];
  const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN;
  const at = (id: string): Box => {
    const box = placed.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
    return { ...box, x: box.x - left, y: box.y - top };
  };
  // Loops first: what is in them lies on them.
  const nodes = document.nodes
    .map((node) => ({ node, box: at(node.id), isLoop: loops.has(node.id) }))
    .sort((a, b) => Number(b.isLoop) - Number(a.isLoop));
  return {
    width: Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN - left,
    height: Math.max(...boxes.map(({ y, height }) => y + height)) + MARGIN - top,
    nodes,
    lines: [
      ...document.edges.map(({ from, port = 'out', to }) => ({
        key: `${from} ${port} ${to}`,
        path: across(at(from), at(to)),
        isUndo: false,
      })),
      ...document.nodes.flatMap(({ id, compensate }) =>
        compensate === undefined
          ? []
          : [{ key: `${id} undo`, path: down(at(id), at(compensate)), isUndo: true }],
      ),
    ],
  };
}

function chipOf({ x, y, width, height }: Box): Box {
  return {
    x: (x + width / 2) * SCALE.x - CHIP / 2,
    y: (y + height / 2) * SCALE.y - CHIP / 2,
    width: CHIP,
    height: CHIP,
  };
}

/** Squares that are nearly on one line are: cards of different heights stand a little apart on the canvas. */
function levelled(chips: readonly (readonly [string, Box])[]): readonly (readonly [string, Box])[] {
  let line = -Infinity;
  return chips
    .toSorted(([, a], [, b]) => a.y - b.y)
    .map(([id, box]) => {
      if (box.y - line > LEVEL) line = box.y;
      return [id, { ...box, y: line }] as const;
    });
}

/** Around the squares of its body, and the square of its own sits on the frame. */
function frameOf({ x, y, width, height }: Box): Box {
  return { x: x * SCALE.x, y: y * SCALE.y, width: width * SCALE.x, height: height * SCALE.y };
}

function across(from: Box, to: Box): string {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const bend = Math.max(8, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function down(from: Box, to: Box): string {
  return `M${from.x + from.width / 2} ${from.y + from.height}L${to.x + to.width / 2} ${to.y}`;
}
