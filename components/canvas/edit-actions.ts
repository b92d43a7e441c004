import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowEdge, FlowNode, Position } from '#core/flow-document.ts';
import { freshNodeId, nodeById } from '#core/graph.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { findOperation } from '#connectors/definitions.ts';

import type { EditorStore } from './editor-store.ts';
import { bodyOf } from './loop-bodies.ts';
import { makeRoom } from './make-room.ts';
import { bodyBoxes, freePlace, insidePlace, loopAt, nodeBoxes, nodeSize, placeAfter } from './node-place.ts';
import { isTrigger, nodeLabel } from './node-ports.ts';
import { COLUMN_GAP, NODE_WIDTH, nodeHeight } from './node-size.ts';
import type { PickerItem } from './picker-items.ts';
import { withRoom } from './push-aside.ts';

/** Where a new node goes, and what it is connected to. */
export type AddTarget =
  /** `parent` is the loop around it; without it the innermost one that lies there. */
  | { readonly kind: 'at'; readonly position: Position; readonly parent?: string }
  | { readonly kind: 'after'; readonly nodeId: string; readonly port: string; readonly position?: Position }
  | { readonly kind: 'before'; readonly nodeId: string; readonly position: Position }
  | { readonly kind: 'on_edge'; readonly edge: FlowEdge };

/** Adds a node, selects it, and says so. Its id; undefined when the edit was refused. */
export function addNode(store: EditorStore, item: PickerItem, target: AddTarget): string | undefined {
  const { document } = store.getState();
  const node = newNode(document, item);
  const operations = withRoom(document, operationsFor(store, node, target), store.catalog);
  const say = `${item.label} added${targetInWords(store, target)}`;
  if (!store.apply(operations, { say })) return undefined;
  store.select([node.id]);
  return node.id;
}

/**
 * Adds a trigger. A flow has one: when there is one already, the new one takes its place and its edges. Undo brings the
 * old one back.
 */
export function addOrReplaceTrigger(
  store: EditorStore,
  item: PickerItem,
  target: AddTarget,
): string | undefined {
  const { document } = store.getState();
  const old = document.nodes.find((node) => isTrigger(node, store.catalog));
  if (!old) return addNode(store, item, target);
  const node = { ...newNode(document, item), label: undefined, position: old.position };
  const edges = document.edges.filter((edge) => edge.from === old.id);
  const isDone = store.apply(
    [
      { kind: 'remove_nodes', nodeIds: [old.id] },
      { kind: 'add_node', node },
      ...edges.map(({ to }) => ({ kind: 'add_edge', edge: { from: node.id, to } }) as const),
    ],
    { say: `${nodeLabel(old, store.catalog)} replaced by ${item.label}` },
  );
  if (!isDone) return undefined;
  store.select([node.id]);
  return node.id;
}

/** Connects two nodes by a port. False when the edge is refused. */
export function connectNodes(store: EditorStore, edge: FlowEdge): boolean {
  const say = `${labelOf(store, edge.from)} connected to ${labelOf(store, edge.to)}`;
  return store.apply({ kind: 'add_edge', edge: withoutDefaultPort(edge) }, { say });
}

/** `out` is what an edge without a port means; leaving it out keeps documents short. */
export function withoutDefaultPort(edge: FlowEdge): FlowEdge {
  return edge.port === 'out' ? { from: edge.from, to: edge.to } : edge;
}

/** A node of this type as it begins, under an id and a name of its own. */
export function newNode(document: FlowDocument, item: PickerItem): FlowNode {
  const found = findOperation(item.type, item.version);
  const [connector = '', operation = ''] = item.type.split('.');
  // `steps.create_deal` says more than `steps.acme2`.
  const isNamedByOperation = connector === 'core' || found?.connector.category === 'app';
  const same = document.nodes.filter((node) => node.type === item.type).length;
  return {
    id: freshNodeId(document, isNamedByOperation ? operation : connector),
    type: item.type,
    version: item.version,
    config: { ...found?.operation.initialConfig },
    ...(same > 0 ? { label: `${item.label} ${same + 1}` } : {}),
  };
}

function operationsFor(store: EditorStore, node: FlowNode, target: AddTarget): readonly FlowOperation[] {
  const { document } = store.getState();
  const { catalog } = store;
  const size = nodeSize(node, catalog);
  const at = (wanted: Position, parent: string | undefined) =>
    freePlace(wanted, bodyBoxes(document, catalog, parent).values(), size);
  switch (target.kind) {
    case 'at': {
      const parent = isTrigger(node, catalog) ? undefined : parentAt(store, target);
      const first = parent !== undefined && bodyOf(document, parent).length === 0;
      const wanted = first ? insidePlace(document, catalog, parent) : target.position;
      return [{ kind: 'add_node', node: { ...node, parent, position: at(wanted, parent) } }];
    }
    case 'after': {
      const parent = nodeById(document, target.nodeId)?.parent;
      const position = target.position
        ? at(target.position, parent)
        : placeAfter(document, { ...target, size }, catalog);
      const edge = withoutDefaultPort({ from: target.nodeId, port: target.port, to: node.id });
      return [
        { kind: 'add_node', node: { ...node, parent, position } },
        { kind: 'add_edge', edge },
      ];
    }
    case 'before': {
      const parent = nodeById(document, target.nodeId)?.parent;
      return [
        { kind: 'add_node', node: { ...node, parent, position: at(target.position, parent) } },
        { kind: 'add_edge', edge: { from: node.id, to: target.nodeId } },
      ];
    }
    case 'on_edge':
      return insertOperations(document, node, { edge: target.edge, catalog });
  }
}

function parentAt(
  { getState, catalog }: EditorStore,
  { position, parent }: Extract<AddTarget, { kind: 'at' }>,
): string | undefined {
  if (parent !== undefined) return parent;
  const point = { x: position.x + NODE_WIDTH / 2, y: position.y + nodeHeight(1) / 2 };
  const { document, foldedIds } = getState();
  return loopAt(document, catalog, { point, except: foldedIds });
}

function insertOperations(
  document: FlowDocument,
  node: FlowNode,
  { edge, catalog }: { edge: FlowEdge; catalog: Catalog },
): readonly FlowOperation[] {
  const { width } = nodeSize(node, catalog);
  const positions = makeRoom(document, catalog, { edge, width });
  const boxes = nodeBoxes(document, catalog);
  const [from, to] = [boxes.get(edge.from), positions[edge.to] ?? boxes.get(edge.to)];
  const position = { x: (from?.x ?? 0) + (from?.width ?? NODE_WIDTH) + COLUMN_GAP, y: to?.y ?? 0 };
  const isMoved = Object.keys(positions).length > 0;
  return [
    ...(isMoved ? [{ kind: 'move_nodes', positions } as const] : []),
    { kind: 'insert_on_edge', node: { ...node, position }, edge },
  ];
}

function targetInWords(store: EditorStore, target: AddTarget): string {
  switch (target.kind) {
    case 'at': {
      const parent = parentAt(store, target);
      return parent === undefined ? '' : ` to ${labelOf(store, parent)}`;
    }
    case 'after':
      return ` after ${labelOf(store, target.nodeId)}${target.port === 'out' ? '' : `, port ${target.port}`}`;
    case 'before':
      return ` before ${labelOf(store, target.nodeId)}`;
    case 'on_edge':
      return ` between ${labelOf(store, target.edge.from)} and ${labelOf(store, target.edge.to)}`;
  }
}

/** What a person calls the node, by its id. */
export function labelOf(store: EditorStore, nodeId: string): string {
  const node = store.getState().document.nodes.find((candidate) => candidate.id === nodeId);
  return node ? nodeLabel(node, store.catalog) : nodeId;
}
