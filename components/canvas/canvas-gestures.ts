import type { Connection, EdgeChange, FinalConnectionState, NodeChange } from '@xyflow/react';

import type { FlowEdge, Position } from '#core/flow-document.ts';

import type { CanvasEdge, CanvasNode } from './canvas-node.ts';
import { refusalOf } from './connect-check.ts';
import { dropInWords, dropLoop, dropOperations, withContents } from './drop-into-loop.ts';
import { connectNodes, withoutDefaultPort } from './edit-actions.ts';
import type { EditorStore } from './editor-store.ts';
import { nodeBoxes } from './node-place.ts';
import { withRoom } from './push-aside.ts';

/** Takes React Flow's reports of dragging and selecting into the store. Sizes and removals are not the store's. */
export function takeNodeChanges(store: EditorStore, changes: readonly NodeChange<CanvasNode>[]): void {
  const positions = changes.flatMap((change) =>
    change.type === 'position' && change.position && change.dragging === true
      ? [[change.id, change.position] as const]
      : [],
  );
  if (positions.length > 0) {
    const dragged = withContents(store, store.getState().dragged ?? {}, new Map(positions));
    store.setState({ dragged, dropLoopId: dropLoop(store, dragged) });
  }
  const selected = withSelection(store.getState().selectedNodeIds, changes);
  if (selected) store.setState({ selectedNodeIds: selected });
}

/** As `takeNodeChanges`, for edges. */
export function takeEdgeChanges(store: EditorStore, changes: readonly EdgeChange<CanvasEdge>[]): void {
  const selected = withSelection(store.getState().selectedEdgeIds, changes);
  if (selected) store.setState({ selectedEdgeIds: selected });
}

/**
 * The end of a drag: the new places, and what was dropped into a loop or out of one, become one step of undo. Where an edge
 * forbids that, all goes back to where it was, and the edge is named.
 */
export function commitDrag(store: EditorStore): void {
  const { dragged, document } = store.getState();
  if (!dragged) return;
  const boxes = nodeBoxes(document, store.catalog);
  const positions = Object.fromEntries(
    Object.entries(dragged).filter(([id, { x, y }]) => {
      const box = boxes.get(id);
      return box && (box.x !== x || box.y !== y);
    }),
  );
  if (Object.keys(positions).length > 0) {
    const operations = dropOperations(store, positions);
    const say = dropInWords(store, operations);
    store.apply(withRoom(document, operations, store.catalog), { say });
  }
  store.setState({ dragged: null, snapLines: [], dropLoopId: null });
}

/**
 * A connection was let go of somewhere that is no valid port: on a node it connects to that node, on empty canvas it
 * opens the picker there, on a port that cannot take it the reason is said.
 */
export function finishConnection(
  store: EditorStore,
  end: FinalConnectionState,
  at: { readonly point: Position; readonly toFlow: (point: Position) => Position },
): void {
  const from = end.fromHandle;
  if (end.isValid === true || !from || store.isReadOnly) return;
  const isForward = from.type === 'source';
  const other = end.toNode?.id ?? nodeAt(at.point);
  if (other === from.nodeId) return;
  if (other !== undefined) {
    if (!isForward) store.announce('Drag from the port that the edge leaves from');
    else connectNodes(store, { from: from.nodeId, port: from.id ?? 'out', to: other });
    return;
  }
  const position = at.toFlow(at.point);
  const picker = isForward
    ? ({ kind: 'add_after', nodeId: from.nodeId, port: from.id ?? 'out', at: position } as const)
    : ({ kind: 'add_before', nodeId: from.nodeId, at: position } as const);
  store.setState({ picker });
}

/** An edge's end was dragged to another port. */
export function reconnectEdge(store: EditorStore, old: CanvasEdge, connection: Connection): void {
  if (!old.data?.edge) return;
  const edge = toFlowEdge(connection);
  store.apply(
    [
      { kind: 'remove_edges', edges: [old.data.edge] },
      { kind: 'add_edge', edge },
    ],
    { say: 'Edge moved' },
  );
}

/** True when the edge may be added. React Flow asks this while a connection is dragged over a port. */
export function isConnectable(store: EditorStore, connection: Connection | CanvasEdge): boolean {
  return refusalOf(store.getState().document, toFlowEdge(connection), store.catalog) === null;
}

/** Where a mouse or touch event happened, in the window. */
export function pointOf(event: MouseEvent | TouchEvent): Position {
  const { clientX, clientY } =
    'changedTouches' in event ? (event.changedTouches[0] ?? { clientX: 0, clientY: 0 }) : event;
  return { x: clientX, y: clientY };
}

function toFlowEdge({ source, sourceHandle, target }: Connection | CanvasEdge): FlowEdge {
  return withoutDefaultPort({ from: source, port: sourceHandle ?? 'out', to: target });
}

function nodeAt({ x, y }: Position): string | undefined {
  const node = document.elementFromPoint(x, y)?.closest('.react-flow__node');
  return node?.getAttribute('data-id') ?? undefined;
}

type SelectChange = { readonly type: string; readonly id?: string; readonly selected?: boolean };

function withSelection(
  selected: ReadonlySet<string>,
  changes: readonly SelectChange[],
): ReadonlySet<string> | null {
  const selects = changes.filter((change) => change.type === 'select');
  if (selects.length === 0) return null;
  const next = new Set(selected);
  for (const change of selects) {
    if (change.id === undefined) continue;
    if (change.selected === true) next.add(change.id);
    else next.delete(change.id);
  }
  return next;
}
