import type { FlowDocument, Position } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { contentsOf, nodeById } from '#core/graph.ts';

import { labelOf } from './edit-actions.ts';
import type { EditorStore } from './editor-store.ts';
import { isLoop, loopsAround } from './loop-bodies.ts';
import { loopAt, nodeBoxes } from './node-place.ts';
import { NODE_WIDTH, nodeHeight } from './node-size.ts';
import { undoneBy } from './undo-nodes.ts';

type Places = Readonly<Record<string, Position>>;

/** Where the nodes in a dragged loop are: wherever the loop goes, they go. */
export function withContents(
  store: EditorStore,
  dragged: Places,
  changed: ReadonlyMap<string, Position>,
): Places {
  const { document } = store.getState();
  const boxes = nodeBoxes(document, store.catalog);
  const places: Record<string, Position> = { ...dragged, ...Object.fromEntries(changed) };
  for (const [id, to] of changed) {
    const from = dragged[id] ?? boxes.get(id);
    if (!from) continue;
    for (const inner of contentsOf(document, [id])) {
      const at = dragged[inner] ?? boxes.get(inner);
      if (changed.has(inner) || !at) continue;
      places[inner] = { x: at.x + to.x - from.x, y: at.y + to.y - from.y };
    }
  }
  return places;
}

/** The loop that what is dragged would go into now; null for none, or when all of it is in that loop already. */
export function dropLoop(store: EditorStore, dragged: Places): string | null {
  const { document } = store.getState();
  const moves = loopChanges(store, dragged);
  return (
    moves.map(({ parent }) => parent).find((parent) => parent !== undefined && nodeById(document, parent)) ??
    null
  );
}

/**
 * What a drag ends in: the places, and for nodes that were dropped in another loop, or out of one, that. What undoes a
 * node comes along with it.
 */
export function dropOperations(store: EditorStore, positions: Places): readonly FlowOperation[] {
  const { document, catalog } = { ...store.getState(), catalog: store.catalog };
  const boxes = nodeBoxes(document, catalog);
  const changes = loopChanges(store, positions);
  const followers = changes.flatMap(({ nodeIds }) =>
    nodeIds.flatMap((id) => {
      const undo = nodeById(document, id)?.compensate;
      const [from, to, at] = [boxes.get(id), positions[id], undo === undefined ? undefined : boxes.get(undo)];
      if (undo === undefined || positions[undo] || !from || !to || !at) return [];
      return [[undo, { x: at.x + to.x - from.x, y: at.y + to.y - from.y }] as const];
    }),
  );
  return [
    { kind: 'move_nodes', positions: { ...positions, ...Object.fromEntries(followers) } },
    ...changes.map(({ nodeIds, parent }) => ({ kind: 'set_parent', nodeIds, parent }) as const),
  ];
}

/** `Map moved into Each`; undefined when all stay in their loops. */
export function dropInWords(store: EditorStore, operations: readonly FlowOperation[]): string | undefined {
  const move = operations.find((operation) => operation.kind === 'set_parent');
  if (!move) return undefined;
  const { document } = store.getState();
  const [first = ''] = move.nodeIds;
  const what = move.nodeIds.length === 1 ? labelOf(store, first) : `${move.nodeIds.length} nodes`;
  const old = nodeById(document, first)?.parent;
  if (move.parent !== undefined) return `${what} moved into ${labelOf(store, move.parent)}`;
  return `${what} moved out of ${old === undefined ? 'the loop' : labelOf(store, old)}`;
}

interface LoopChange {
  readonly nodeIds: readonly string[];
  readonly parent: string | undefined;
}

function loopChanges(store: EditorStore, positions: Places): readonly LoopChange[] {
  const { document } = store.getState();
  const moved = Object.keys(positions).flatMap((id) => nodeById(document, id) ?? []);
  // What is dragged with the loop around it, or with what it undoes, goes where that goes.
  const leading = moved.filter((node) => {
    const undone = undoneBy(document, node.id);
    const isCarried = loopsAround(document, node).some((id) => positions[id] !== undefined);
    return !isCarried && (undone === undefined || positions[undone.id] === undefined);
  });
  const changes = leading.flatMap((node) => {
    const parent = loopUnder(document, store, { id: node.id, positions });
    return parent === node.parent ? [] : [{ id: node.id, parent }];
  });
  const groups = Map.groupBy(changes, ({ parent }) => parent);
  return [...groups].map(([parent, nodes]) => ({ parent, nodeIds: nodes.map(({ id }) => id) }));
}

/** By the middle of a node, or of a loop's header: that is what a person holds. */
function loopUnder(
  document: FlowDocument,
  { getState, catalog }: EditorStore,
  { id, positions }: { id: string; positions: Places },
): string | undefined {
  const node = nodeById(document, id);
  const { x = 0, y = 0 } = positions[id] ?? {};
  const { foldedIds } = getState();
  const isOpen = node && isLoop(node, catalog) && !foldedIds.has(id);
  const width = (isOpen && nodeBoxes(document, catalog).get(id)?.width) || NODE_WIDTH;
  const point = { x: x + width / 2, y: y + nodeHeight(1) / 2 };
  return loopAt(document, catalog, { point, except: [...Object.keys(positions), ...foldedIds] });
}
