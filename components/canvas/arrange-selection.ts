import type { FlowDocument, Position } from '#core/flow-document.ts';
import { contentsOf } from '#core/graph.ts';

import { align, distribute } from './arrange.ts';
import type { Alignment, Axis } from './arrange.ts';
import type { EditorStore } from './editor-store.ts';
import { loopsAround } from './loop-bodies.ts';
import { nodeBoxes } from './node-place.ts';
import type { Box } from './node-place.ts';
import { withRoom } from './push-aside.ts';

/** Lines the selected nodes up, two or more of them. */
export function alignSelection(store: EditorStore, how: Alignment): void {
  const boxes = selectedBoxes(store);
  if (boxes.size < 2) return store.announce('Select two nodes or more to line them up');
  place(store, align(boxes, how), `${boxes.size} nodes aligned: ${how}`);
}

/** Gives the selected nodes, three or more, the same room between them. */
export function distributeSelection(store: EditorStore, axis: Axis): void {
  const boxes = selectedBoxes(store);
  if (boxes.size < 3) return store.announce('Select three nodes or more to spread them evenly');
  place(store, distribute(boxes, axis), `${boxes.size} nodes spread ${axis}`);
}

/** The selected nodes without those that move with a loop around them anyway. */
export function outermostSelected(document: FlowDocument, selected: ReadonlySet<string>): readonly string[] {
  return document.nodes
    .filter((node) => selected.has(node.id) && !loopsAround(document, node).some((id) => selected.has(id)))
    .map(({ id }) => id);
}

function selectedBoxes({ getState, catalog }: EditorStore): ReadonlyMap<string, Box> {
  const { document, selectedNodeIds } = getState();
  const boxes = nodeBoxes(document, catalog);
  return new Map(
    outermostSelected(document, selectedNodeIds).flatMap((id) => {
      const box = boxes.get(id);
      return box ? [[id, box] as const] : [];
    }),
  );
}

/** Moves nodes to new corners as one step of undo; what is in a loop goes along with it. */
function place(store: EditorStore, corners: Readonly<Record<string, Position>>, say: string): void {
  const { document } = store.getState();
  const boxes = nodeBoxes(document, store.catalog);
  const positions = Object.fromEntries(
    Object.entries(corners).flatMap(([id, to]) => {
      const from = boxes.get(id) ?? to;
      return [...contentsOf(document, [id])].map((inner) => {
        const { x, y } = boxes.get(inner) ?? from;
        return [inner, { x: x + to.x - from.x, y: y + to.y - from.y }];
      });
    }),
  );
  store.apply(withRoom(document, [{ kind: 'move_nodes', positions }], store.catalog), { say });
}
