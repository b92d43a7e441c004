import type { FlowDocument, FlowEdge, FlowNode, Position } from '#core/flow-document.ts';
import { freshNodeId } from '#core/graph.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { findOperation } from '#connectors/definitions.ts';

import type { EditorStore } from './editor-store.ts';
import { fallbackPositions } from './fallback-layout.ts';
import { makeRoom } from './make-room.ts';
import { freePlace, nodeBoxes, placeAfter } from './node-place.ts';
import { isTrigger, nodeLabel } from './node-ports.ts';
import { COLUMN_GAP, NODE_WIDTH } from './node-size.ts';
import type { PickerItem } from './picker-items.ts';

/** Where a new node goes, and what it is connected to. */
export type AddTarget =
  | { readonly kind: 'at'; readonly position: Position }
  | { readonly kind: 'after'; readonly nodeId: string; readonly port: string; readonly position?: Position }
  | { readonly kind: 'before'; readonly nodeId: string; readonly position: Position }
  | { readonly kind: 'on_edge'; readonly edge: FlowEdge };

/** Adds a node, selects it, and says so. Its id; undefined when the edit was refused. */
export function addNode(store: EditorStore, item: PickerItem, target: AddTarget): string | undefined {
  const { document } = store.getState();
  const node = newNode(document, item);
  const operations = operationsFor(store, node, target);
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

function newNode(document: FlowDocument, item: PickerItem): FlowNode {
  const found = findOperation(item.type, item.version);
  const [connector = '', operation = ''] = item.type.split('.');
  const same = document.nodes.filter((node) => node.type === item.type).length;
  return {
    id: freshNodeId(document, connector === 'core' ? operation : connector),
    type: item.type,
    version: item.version,
    config: { ...found?.operation.initialConfig },
    ...(same > 0 ? { label: `${item.label} ${same + 1}` } : {}),
  };
}

function operationsFor(store: EditorStore, node: FlowNode, target: AddTarget): FlowOperation[] {
  const { document } = store.getState();
  const boxes = nodeBoxes(document, store.catalog);
  switch (target.kind) {
    case 'at':
      return [{ kind: 'add_node', node: { ...node, position: freePlace(target.position, boxes.values()) } }];
    case 'after': {
      const position = target.position
        ? freePlace(target.position, boxes.values())
        : placeAfter(document, target, store.catalog);
      const edge = withoutDefaultPort({ from: target.nodeId, port: target.port, to: node.id });
      return [
        { kind: 'add_node', node: { ...node, position } },
        { kind: 'add_edge', edge },
      ];
    }
    case 'before':
      return [
        { kind: 'add_node', node: { ...node, position: freePlace(target.position, boxes.values()) } },
        { kind: 'add_edge', edge: { from: node.id, to: target.nodeId } },
      ];
    case 'on_edge':
      return insertOperations(document, node, target.edge);
  }
}

function insertOperations(document: FlowDocument, node: FlowNode, edge: FlowEdge): FlowOperation[] {
  const positions = makeRoom(document, edge.from, edge.to);
  const places = fallbackPositions(document);
  const [from, to] = [places.get(edge.from), positions[edge.to] ?? places.get(edge.to)];
  const position = { x: (from?.x ?? 0) + NODE_WIDTH + COLUMN_GAP, y: to?.y ?? 0 };
  const isMoved = Object.keys(positions).length > 0;
  return [
    ...(isMoved ? [{ kind: 'move_nodes', positions } as const] : []),
    { kind: 'insert_on_edge', node: { ...node, position }, edge },
  ];
}

function targetInWords(store: EditorStore, target: AddTarget): string {
  switch (target.kind) {
    case 'at':
      return '';
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
