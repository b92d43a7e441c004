import type { FlowDocument, FlowNode, FlowNote } from '#core/flow-document.ts';
import type { FlowOperation, NodeOptions } from '#core/flow-operation.ts';
import { contentsOf } from '#core/graph.ts';
import { isJsonObject } from '#core/json.ts';
import { withoutNodes } from '#core/operations/note-nodes.ts';
import { withoutNodesInSets } from '#core/operations/with-pin-sets.ts';
import { changedPins } from '#core/pins/changed-pins.ts';
import type { Json, JsonObject } from '#core/json.ts';

import { edgeId } from '#core/edge-id.ts';
import { sameJson } from '#core/same-json.ts';

const OPTION_KEYS = [
  'connection',
  'retry',
  'timeoutSeconds',
  'onError',
  'join',
  'effect',
  'compensate',
  'label',
] as const satisfies readonly (keyof NodeOptions)[];

/**
 * The operations that turn `base` into `mine`. Unlike a log of edits it needs no care for undo, redo or a reload:
 * the two documents say all. Removals come first, so that no step on the way is less valid than both ends.
 * The slug is no edit of the canvas and is left out.
 */
export function operationsBetween(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  return [
    ...undoRemovals(base, mine),
    ...edgeRemovals(base, mine),
    ...moveOut(base, mine),
    ...nodeRemovals(base, mine),
    ...additions(base, mine),
    ...moveIn(base, mine),
    ...nodeEdits(base, mine),
    ...undoOfAdded(base, mine),
    ...edgeAdditions(base, mine),
    ...flowEdits(base, mine),
    ...noteEdits(base, mine),
    ...pinEdits(base, mine),
    ...pinSetEdits(base, mine),
  ];
}

const byId = <T extends { readonly id: string }>(items: readonly T[]) =>
  new Map(items.map((item) => [item.id, item]));

/** A node that is another thing under the same id: there is no operation for that but remove and add. */
function isReplaced(before: FlowNode, after: FlowNode): boolean {
  return before.type !== after.type || before.version !== after.version;
}

function removedNodeIds(base: FlowDocument, mine: FlowDocument): Set<string> {
  const kept = byId(mine.nodes);
  const removed = base.nodes.filter((node) => {
    const after = kept.get(node.id);
    return !after || isReplaced(node, after);
  });
  return new Set(removed.map((node) => node.id));
}

/** What undoes a node moves with it, undoes no other one and has no edges: so nodes let go of theirs first. */
function undoRemovals(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  return pairsOf(base, mine)
    .filter(({ before, after }) => before.compensate !== undefined && before.compensate !== after.compensate)
    .map(({ after }) => ({ kind: 'set_options', nodeId: after.id, options: { compensate: undefined } }));
}

function edgeRemovals(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const removed = removedNodeIds(base, mine);
  const kept = new Set(mine.edges.map(edgeId));
  const edges = base.edges.filter(
    (edge) => !kept.has(edgeId(edge)) && !removed.has(edge.from) && !removed.has(edge.to),
  );
  return edges.length > 0 ? [{ kind: 'remove_edges', edges }] : [];
}

function nodeRemovals(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const nodeIds = [...removedNodeIds(base, mine)];
  return nodeIds.length > 0 ? [{ kind: 'remove_nodes', nodeIds }] : [];
}

function additions(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const before = byId(base.nodes);
  const removed = removedNodeIds(base, mine);
  const added = mine.nodes.filter((node) => !before.has(node.id) || removed.has(node.id));
  return neededFirst(added).map((node) => ({ kind: 'add_node', node: withoutUndo(node, before) }));
}

/** An older node that undoes a new one may have to move first; `undoOfAdded` names it in the end. */
function withoutUndo(node: FlowNode, before: ReadonlyMap<string, FlowNode>): FlowNode {
  if (node.compensate === undefined || !before.has(node.compensate)) return node;
  const { compensate: _, ...rest } = node;
  return rest;
}

function undoOfAdded(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const before = byId(base.nodes);
  const removed = removedNodeIds(base, mine);
  return mine.nodes
    .filter(({ id, compensate }) => {
      const isNew = !before.has(id) || removed.has(id);
      return isNew && compensate !== undefined && before.has(compensate);
    })
    .map(({ id, compensate }) => ({ kind: 'set_options', nodeId: id, options: { compensate } }));
}

/** Loops before what is in them, and what undoes a node before that node: each is refused without the other. */
function neededFirst(nodes: readonly FlowNode[]): FlowNode[] {
  const waiting = byId(nodes);
  const placed = new Set<FlowNode>();
  const place = (node: FlowNode | undefined) => {
    if (!node || !waiting.delete(node.id)) return;
    place(waiting.get(node.parent ?? ''));
    place(waiting.get(node.compensate ?? ''));
    placed.add(node);
  };
  nodes.forEach(place);
  return [...placed];
}

/** Nodes on both sides that are in another loop than before. */
function reparented(base: FlowDocument, mine: FlowDocument): { before: FlowNode; after: FlowNode }[] {
  const removed = removedNodeIds(base, mine);
  return pairsOf(base, mine).filter(
    ({ before, after }) => before.parent !== after.parent && !removed.has(after.id),
  );
}

/**
 * Out of all loops first, where a loop goes or moves itself: what is in a removed loop would go with it, and a loop that
 * is to enclose another one cannot be inside of it.
 */
function moveOut(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const gone = contentsOf(base, removedNodeIds(base, mine));
  const moved = reparented(base, mine).map(({ before }) => before);
  const isNeeded = moved.some(({ id }) => gone.has(id) || contentsOf(base, [id]).size > 1);
  const nodeIds = moved.filter(({ parent }) => parent !== undefined).map(({ id }) => id);
  return isNeeded && nodeIds.length > 0 ? [{ kind: 'set_parent', nodeIds, parent: undefined }] : [];
}

function moveIn(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const areOut = moveOut(base, mine).length > 0;
  const moved = reparented(base, mine).filter(({ after }) => after.parent !== undefined || !areOut);
  const groups = Map.groupBy(moved, ({ after }) => after.parent);
  return [...groups].map(([parent, pairs]) => ({
    kind: 'set_parent',
    nodeIds: pairs.map(({ after }) => after.id),
    parent,
  }));
}

function edgeAdditions(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const removed = removedNodeIds(base, mine);
  const left = base.edges.filter((edge) => !removed.has(edge.from) && !removed.has(edge.to));
  const before = new Set(left.map(edgeId));
  return mine.edges.filter((edge) => !before.has(edgeId(edge))).map((edge) => ({ kind: 'add_edge', edge }));
}

function pairsOf(base: FlowDocument, mine: FlowDocument): { before: FlowNode; after: FlowNode }[] {
  const before = byId(base.nodes);
  return mine.nodes.flatMap((after) => {
    const node = before.get(after.id);
    return node && !isReplaced(node, after) ? [{ before: node, after }] : [];
  });
}

function nodeEdits(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const pairs = pairsOf(base, mine);
  const moved = pairs.filter((pair) => !sameJson(pair.before.position, pair.after.position));
  const positions = Object.fromEntries(
    moved.flatMap(({ after }) => (after.position ? [[after.id, after.position]] : [])),
  );
  return [
    ...(Object.keys(positions).length > 0 ? [{ kind: 'move_nodes', positions } as const] : []),
    ...pairs.flatMap((pair) => configEdits(pair.after.id, pair.before.config, pair.after.config)),
    ...pairs.flatMap((pair) => optionEdits(pair.before, pair.after)),
  ];
}

function configEdits(
  nodeId: string,
  before: JsonObject,
  after: JsonObject,
  path: string[] = [],
): FlowOperation[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key): FlowOperation[] => {
    const [old, value] = [before[key], after[key]];
    if (sameJson(old, value)) return [];
    if (isPlainGroup(old) && isPlainGroup(value)) return configEdits(nodeId, old, value, [...path, key]);
    return [{ kind: 'set_config', nodeId, path: [...path, key], value }];
  });
}

/** Objects are compared key by key; an expression or template is one value, and an array is replaced as a whole. */
function isPlainGroup(value: Json | undefined): value is JsonObject {
  return isJsonObject(value) && !('$expr' in value) && !('$tpl' in value);
}

function optionEdits(before: FlowNode, after: FlowNode): FlowOperation[] {
  const changed = OPTION_KEYS.filter((key) => !sameJson(before[key], after[key]));
  if (changed.length === 0) return [];
  const options: NodeOptions = Object.fromEntries(changed.map((key) => [key, after[key]]));
  return [{ kind: 'set_options', nodeId: after.id, options }];
}

function flowEdits(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const name = base.name === mine.name ? undefined : mine.name;
  const description = base.description === mine.description ? undefined : mine.description;
  return [
    ...(sameJson(base.settings, mine.settings)
      ? []
      : [{ kind: 'set_settings', settings: mine.settings } as const]),
    ...(name === undefined ? [] : [{ kind: 'describe_flow', name } as const]),
    ...(description === undefined ? [] : [{ kind: 'describe_flow', description } as const]),
  ];
}

function noteEdits(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const [before, after] = [byId<FlowNote>(base.notes), byId<FlowNote>(mine.notes)];
  const noteIds = base.notes.filter((note) => !after.has(note.id)).map((note) => note.id);
  // Nodes that go leave their groups by themselves.
  const gone = removedNodeIds(base, mine);
  const put = mine.notes.filter((note) => {
    const old = before.get(note.id);
    return !old || !sameJson(withoutNodes(old, gone), note);
  });
  return [
    ...(noteIds.length > 0 ? [{ kind: 'remove_notes', noteIds } as const] : []),
    ...put.map((note) => ({ kind: 'put_note', note }) as const),
  ];
}

/** Those of nodes that are gone went with them. */
function pinEdits(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const left = mine.nodes.map(({ id }) => id);
  const removed = removedNodeIds(base, mine);
  return left.flatMap((nodeId): FlowOperation[] => {
    const [before, output] = [removed.has(nodeId) ? undefined : base.pins[nodeId], mine.pins[nodeId]];
    return sameJson(before, output) ? [] : [{ kind: 'set_pin', nodeId, output }];
  });
}

/** As `pinEdits`. */
function pinSetEdits(base: FlowDocument, mine: FlowDocument): FlowOperation[] {
  const left = new Set(mine.nodes.map(({ id }) => id));
  const before = withoutNodesInSets(base.pinSets, removedNodeIds(base, mine));
  return changedPins(before, mine.pinSets)
    .filter(({ nodeId }) => left.has(nodeId))
    .map(({ set, nodeId, after }) => ({ kind: 'put_pin', set, nodeId, answer: after }));
}
