import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { bodyOf, isLoop } from '#components/canvas/loop-bodies.ts';
import { type Box, nodeBoxes } from '#components/canvas/node-place.ts';
import type { Size } from '#components/canvas/node-size.ts';

import { CHIP } from './chip.ts';

/** The canvas is drawn smaller, and narrower than it is high: a square needs less room than a card with words. */
const SCALE = { x: 0.175, y: 0.42 };
const MARGIN = 10;
/** Squares that are less than this apart in height stand on one line; lines are at least a step apart. */
const LEVEL = 11;
const STEP = 24;
/** Between the frame of a loop and the squares in it; above them comes its own icon. */
const FRAME = { side: 9, top: 28, bottom: 10 };

/** Where something is drawn, and at which height lines come in and go out. */
interface Placed extends Box {
  readonly middle: number;
}

export interface MiniatureShape extends Size {
  readonly nodes: readonly { readonly node: FlowNode; readonly box: Box; readonly isLoop: boolean }[];
  readonly lines: readonly { readonly key: string; readonly path: string; readonly isUndo: boolean }[];
}

/** A flow as squares and lines, from the places of its nodes on the canvas. */
export function miniatureShape(document: FlowDocument, catalog: Catalog): MiniatureShape {
  const placed = placeAll(document, catalog);
  const boxes = [...placed.values()];
  const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN;
  const at = (id: string): Placed => {
    const box = placed.get(id) ?? { x: 0, y: 0, width: 0, height: 0, middle: 0 };
    return { ...box, x: box.x - left, y: box.y - top, middle: box.middle - top };
  };
  const boxAt = (id: string): Box => {
    const { x, y, width, height } = at(id);
    return { x, y, width, height };
  };
  return {
    width: Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN - left,
    height: Math.max(...boxes.map(({ y, height }) => y + height)) + MARGIN - top,
    nodes: document.nodes.map((node) => ({ node, box: boxAt(node.id), isLoop: isLoop(node, catalog) })),
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

function placeAll(document: FlowDocument, catalog: Catalog): ReadonlyMap<string, Placed> {
  const withBody = new Set(document.nodes.map(({ parent }) => parent));
  const chips = [...nodeBoxes(document, catalog)].filter(([id]) => !withBody.has(id));
  const placed = new Map(levelled(chips.map(([id, box]) => [id, chipOf(box)])));
  const place = ({ id }: FlowNode): Placed => {
    const known = placed.get(id);
    if (known) return known;
    const frame = around(bodyOf(document, id).map(place));
    placed.set(id, frame);
    return frame;
  };
  document.nodes.forEach(place);
  return placed;
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
function levelled(chips: readonly (readonly [string, Box])[]): (readonly [string, Placed])[] {
  let [was, line] = [-Infinity, -Infinity];
  return chips
    .toSorted(([, a], [, b]) => a.y - b.y)
    .map(([id, box]) => {
      if (box.y - was > LEVEL) {
        line = Number.isFinite(line) ? line + Math.max(STEP, box.y - was) : box.y;
        was = box.y;
      }
      return [id, { ...box, y: line, middle: line + CHIP / 2 }] as const;
    });
}

function around(body: readonly Placed[]): Placed {
  const x = Math.min(...body.map((each) => each.x)) - FRAME.side;
  const y = Math.min(...body.map((each) => each.y)) - FRAME.top;
  const right = Math.max(...body.map((each) => each.x + each.width)) + FRAME.side;
  const bottom = Math.max(...body.map((each) => each.y + each.height)) + FRAME.bottom;
  return { x, y, width: right - x, height: bottom - y, middle: body[0]?.middle ?? y };
}

function across(from: Placed, to: Placed): string {
  const [x1, y1, x2, y2] = [from.x + from.width, from.middle, to.x, to.middle];
  const bend = Math.max(8, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function down(from: Box, to: Box): string {
  return `M${from.x + from.width / 2} ${from.y + from.height}L${to.x + to.width / 2} ${to.y}`;
}
