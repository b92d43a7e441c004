import type { FlowDocument, FlowNote, Position } from '#core/flow-document.ts';

import type { Box } from './node-place.ts';
import { GRID } from './node-size.ts';

/** Room between the frame of a group and what is in it; its title stands above. */
const PADDING = { side: GRID, top: 3 * GRID, bottom: GRID } as const;
/** A note that frames nodes. */
export type GroupNote = FlowNote & { readonly nodes: readonly string[] };

export function isGroup(note: FlowNote): note is GroupNote {
  return note.nodes !== undefined;
}

/** Where the frame of a group is drawn: around its nodes, wherever they are. Undefined when none of them is drawn. */
export function frameOf(
  document: FlowDocument,
  { nodes }: { readonly nodes: readonly string[] },
  boxes: ReadonlyMap<string, Box>,
  dragged: Readonly<Record<string, Position>> | null = null,
): Box | undefined {
  const inside = nodes.flatMap((id) => {
    const box = boxes.get(id);
    return box ? [{ ...box, ...dragged?.[id] }] : [];
  });
  if (inside.length === 0) return undefined;
  const x = Math.min(...inside.map((box) => box.x)) - PADDING.side;
  const y = Math.min(...inside.map((box) => box.y)) - PADDING.top;
  const right = Math.max(...inside.map((box) => box.x + box.width)) + PADDING.side;
  const bottom = Math.max(...inside.map((box) => box.y + box.height)) + PADDING.bottom;
  return { x, y, width: right - x, height: bottom - y };
}

/** Where the one box of a folded group stands: where the first of its nodes would. */
export function foldedCorner(
  document: FlowDocument,
  group: { readonly nodes: readonly string[] },
  {
    boxes,
    dragged,
  }: { boxes: ReadonlyMap<string, Box>; dragged?: Readonly<Record<string, Position>> | null },
): Position | undefined {
  const frame = frameOf(document, group, boxes, dragged);
  return frame && { x: frame.x + PADDING.side, y: frame.y + PADDING.top };
}
