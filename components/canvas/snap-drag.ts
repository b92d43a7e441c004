import type { FlowDocument, Position } from '#core/flow-document.ts';
import { nodeById } from '#core/graph.ts';

import type { EditorStore } from './editor-store.ts';
import { foldingOf } from './folding.ts';
import { loopsAround } from './loop-bodies.ts';
import { nodeBoxes } from './node-place.ts';
import type { Box } from './node-place.ts';
import { snapTo } from './snap-lines.ts';

/**
 * Lines what is being dragged up with the nodes around it, and shows the lines. `isFree`: not now; it stays where it is, on
 * the grid.
 */
export function snapDrag(store: EditorStore, { isFree }: { isFree: boolean }): void {
  const { dragged, snapLines } = store.getState();
  if (!dragged) return;
  const moving = isFree ? undefined : boxAround(store, dragged);
  if (!moving) {
    if (snapLines.length > 0) store.setState({ snapLines: [] });
    return;
  }
  const { by, lines } = snapTo(moving, standingBoxes(store, dragged));
  if (lines.length === 0 && snapLines.length === 0) return;
  const isMoved = by.x !== 0 || by.y !== 0;
  store.setState({ snapLines: lines, ...(isMoved && { dragged: moved(dragged, by) }) });
}

type Places = Readonly<Record<string, Position>>;

function moved(dragged: Places, by: Position): Places {
  return Object.fromEntries(
    Object.entries(dragged).map(([id, { x, y }]) => [id, { x: x + by.x, y: y + by.y }]),
  );
}

/** All that is dragged, as one box. */
function boxAround({ getState, catalog }: EditorStore, dragged: Places): Box | undefined {
  const boxes = nodeBoxes(getState().document, catalog);
  const all = Object.entries(dragged).flatMap(([id, at]) => {
    const box = boxes.get(id);
    return box ? [{ ...box, ...at }] : [];
  });
  if (all.length === 0) return undefined;
  const x = Math.min(...all.map((box) => box.x));
  const y = Math.min(...all.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...all.map((box) => box.x + box.width)) - x,
    height: Math.max(...all.map((box) => box.y + box.height)) - y,
  };
}

/** What can be seen and stays where it is: not the loops around what is dragged, which grow with it. */
function standingBoxes({ getState, catalog }: EditorStore, dragged: Places): readonly Box[] {
  const { document, foldedIds } = getState();
  const { hidden, groupOf } = foldingOf(document, foldedIds);
  const growing = loopsAroundAll(document, Object.keys(dragged));
  return [...nodeBoxes(document, catalog)].flatMap(([id, box]) => {
    const isUnseen = hidden.has(id) || groupOf.has(id) || foldedIds.has(id);
    return isUnseen || dragged[id] || growing.has(id) ? [] : [box];
  });
}

function loopsAroundAll(document: FlowDocument, ids: readonly string[]): ReadonlySet<string> {
  return new Set(
    ids.flatMap((id) => {
      const node = nodeById(document, id);
      return node?.parent === undefined ? [] : loopsAround(document, node);
    }),
  );
}
