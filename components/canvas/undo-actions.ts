import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { incomingEdges, nodeById, outgoingEdges } from '#core/graph.ts';

import { labelOf, newNode } from './edit-actions.ts';
import type { EditorStore } from './editor-store.ts';
import { isLoop } from './loop-bodies.ts';
import { isTrigger } from './node-ports.ts';
import type { PickerItem } from './picker-items.ts';
import { withRoom } from './push-aside.ts';
import { roomBelow } from './room-below.ts';
import { isUndo, undoneBy } from './undo-nodes.ts';

/** Types that end or hold up a run: undoing goes through without waiting for anybody. */
const NEVER: ReadonlySet<string> = new Set(['core.wait', 'core.approval', 'core.call', 'core.stop']);

/** Whether a node of this type can undo another one. */
export function canUndo(node: Pick<FlowNode, 'type' | 'version'>, catalog: Catalog): boolean {
  const type = catalog(node.type, node.version);
  return type?.kind === 'action' && !isLoop(node, catalog) && !NEVER.has(node.type);
}

/** The nodes that can be chosen to undo this one: of its loop, without edges, and not taken by another node. */
export function undoCandidates(
  document: FlowDocument,
  node: FlowNode,
  catalog: Catalog,
): readonly FlowNode[] {
  return document.nodes.filter(
    (other) =>
      other.id !== node.id &&
      other.parent === node.parent &&
      other.compensate === undefined &&
      canUndo(other, catalog) &&
      incomingEdges(document, other.id).length + outgoingEdges(document, other.id).length === 0 &&
      (undoneBy(document, other.id) ?? node).id === node.id,
  );
}

/** Whether a node can have one that undoes it: what undoes another cannot, nor can a trigger. */
export function canBeUndone(document: FlowDocument, node: FlowNode, catalog: Catalog): boolean {
  return !isUndo(document, node.id) && !isTrigger(node, catalog);
}

/** Lets one node undo another, or none with `undefined`. */
export function setUndo(store: EditorStore, nodeId: string, undoId: string | undefined): boolean {
  const say =
    undoId === undefined
      ? `${labelOf(store, nodeId)} is undone by nothing`
      : `${labelOf(store, nodeId)} is undone by ${labelOf(store, undoId)}`;
  return store.apply({ kind: 'set_options', nodeId, options: { compensate: undoId } }, { say });
}

/** Adds a new node below one, to undo it. Its id; undefined when the edit was refused. */
export function addUndo(store: EditorStore, nodeId: string, item: PickerItem): string | undefined {
  const { document } = store.getState();
  const { catalog } = store;
  const undone = nodeById(document, nodeId);
  if (!undone) return undefined;
  const made = newNode(document, item);
  const label = `Undo ${labelOf(store, nodeId)}`.slice(0, 200);
  const node = { ...made, label, parent: undone.parent };
  const { position, moved } = roomBelow(document, undone, { catalog, node });
  const operations = withRoom(
    document,
    [
      ...(Object.keys(moved).length > 0 ? [{ kind: 'move_nodes', positions: moved } as const] : []),
      { kind: 'add_node', node: { ...node, position } },
      { kind: 'set_options', nodeId, options: { compensate: node.id } },
    ],
    catalog,
  );
  if (!store.apply(operations, { say: `${item.label} added to undo ${labelOf(store, nodeId)}` }))
    return undefined;
  store.select([node.id]);
  return node.id;
}
