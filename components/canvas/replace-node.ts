import type { Catalog } from '#core/catalog.ts';
import { edgePort } from '#core/flow-document.ts';
import type { FlowDocument, FlowEdge, FlowNode } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { incomingEdges, nodeById, outgoingEdges } from '#core/graph.ts';
import type { JsonObject } from '#core/json.ts';
import { makeEdge, sameEdge } from '#core/operations/edit.ts';

import { newNode } from './edit-actions.ts';
import type { EditorStore } from './editor-store.ts';
import { bodyOf } from './loop-bodies.ts';
import { nodeLabel, portsOf } from './node-ports.ts';
import type { PickerItem } from './picker-items.ts';
import { withRoom } from './push-aside.ts';
import { undoneBy } from './undo-nodes.ts';

/** What stands in the way of replacing a node; null when nothing does. A loop would take its steps with it. */
export function replaceRefusal(document: FlowDocument, nodeId: string): string | null {
  if (bodyOf(document, nodeId).length === 0) return null;
  return 'There are steps in this loop. Move them out of it first.';
}

/**
 * Puts a node of another type in the place of one. Its id stays, so that what reads `steps.<id>` still does; so do its
 * edges, its name, its options, and those settings that the new type has, too. The id; undefined when it was refused.
 */
export function replaceNode(store: EditorStore, nodeId: string, item: PickerItem): string | undefined {
  const { document } = store.getState();
  const old = nodeById(document, nodeId);
  if (!old) return undefined;
  const node = successor(document, old, { item, catalog: store.catalog });
  const { operations, lost } = replaceOperations(document, node, store.catalog);
  const without =
    lost === 0 ? '' : `, without ${lost} ${lost === 1 ? 'edge' : 'edges'} that it has no port for`;
  const say = `${nodeLabel(old, store.catalog)} replaced by ${item.label}${without}`;
  if (!store.apply(withRoom(document, operations, store.catalog), { say })) return undefined;
  store.select([nodeId]);
  return nodeId;
}

interface Successor {
  readonly item: PickerItem;
  readonly catalog: Catalog;
}

function successor(document: FlowDocument, old: FlowNode, { item, catalog }: Successor): FlowNode {
  const made = newNode(document, item);
  const { label, connection, ...rest } = old;
  const config = fittingConfig(old.config, made, catalog);
  const type = catalog(made.type, made.version);
  const before = catalog(old.type, old.version);
  const accepted = new Set(type?.connectors(config));
  const keepsConnection = before?.connectors(old.config).some((id) => accepted.has(id)) === true;
  const { effect: _effect, ...options } = rest;
  return {
    ...options,
    type: made.type,
    version: made.version,
    config,
    ...(label !== undefined && !isNumberedName(label, before?.label) && { label }),
    ...(keepsConnection && connection !== undefined && { connection }),
  };
}

/** `HTTP request 2` was made up by the editor, and says nothing about another type. */
function isNumberedName(label: string, typeLabel: string | undefined): boolean {
  return typeLabel !== undefined && label.replace(/ \d+$/, '') === typeLabel;
}

/** The settings that the new type begins with, and those of the old one that it takes as they are. */
function fittingConfig(old: JsonObject, made: FlowNode, catalog: Catalog): JsonObject {
  const type = catalog(made.type, made.version);
  if (!type) return made.config;
  return Object.entries(old).reduce<JsonObject>((config, [name, value]) => {
    const next = { ...config, [name]: value };
    const isUnfit = type
      .checkConfig(next)
      .some(({ pointer }) => pointer === `/${name}` || pointer.startsWith(`/${name}/`));
    return isUnfit ? config : next;
  }, made.config);
}

/** Takes the node away and puts the new one in with all edges that it has a port for. */
function replaceOperations(
  document: FlowDocument,
  node: FlowNode,
  catalog: Catalog,
): { operations: readonly FlowOperation[]; lost: number } {
  const outgoing = outgoingEdges(document, node.id);
  const kept = outgoing.flatMap((edge) => edgeOf(document, node, { edge, catalog }) ?? []);
  const edges = kept.filter((edge, index) => kept.findIndex((other) => sameEdge(other, edge)) === index);
  const undone = undoneBy(document, node.id);
  const operations: readonly FlowOperation[] = [
    { kind: 'remove_nodes', nodeIds: [node.id] },
    { kind: 'add_node', node },
    ...[...incomingEdges(document, node.id), ...edges].map((edge) => ({ kind: 'add_edge', edge }) as const),
    ...document.notes
      .filter(({ nodes }) => nodes?.includes(node.id))
      .map((note) => ({ kind: 'put_note', note }) as const),
    ...(undone
      ? [{ kind: 'set_options', nodeId: undone.id, options: { compensate: node.id } } as const]
      : []),
  ];
  return { operations, lost: outgoing.length - edges.length };
}

/** By the port of the same name, else by the one at the same place, else by the only one. */
function edgeOf(
  document: FlowDocument,
  node: FlowNode,
  { edge, catalog }: { edge: FlowEdge; catalog: Catalog },
): FlowEdge | undefined {
  const old = nodeById(document, node.id);
  const ports = portsOf(node, catalog);
  const port = edgePort(edge);
  const place = old ? portsOf(old, catalog).indexOf(port) : -1;
  const found = ports.includes(port) ? port : (ports[place] ?? (ports.length === 1 ? ports[0] : undefined));
  return found === undefined ? undefined : makeEdge(node.id, found, edge.to);
}
