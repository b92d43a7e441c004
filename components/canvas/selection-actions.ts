import type { Catalog } from '#core/catalog.ts';
import { copyFragment, fragmentOf, readFragment } from '#core/clipboard.ts';
import type { FlowFragment } from '#core/flow-operation.ts';
import type { FlowDocument, FlowNode, Position } from '#core/flow-document.ts';
import { contentsOf, nodeById } from '#core/graph.ts';
import { isCurl } from '#core/import/curl/import-curl.ts';
import type { Hint } from '#core/import/hint.ts';

import { labelOf } from './edit-actions.ts';
import { edgeId } from '#core/edge-id.ts';
import type { EditorStore } from './editor-store.ts';
import { isLoop } from './loop-bodies.ts';
import { freePlace, insidePlace, loopAt, nodeBoxes } from './node-place.ts';
import { isTrigger } from './node-ports.ts';
import { GRID, snap } from './node-size.ts';
import { curlFragment } from './paste-curl.ts';
import { withRoom } from './push-aside.ts';

/** Removes the selected nodes and edges as one step. */
export function removeSelection(store: EditorStore): void {
  const { document, selectedNodeIds, selectedEdgeIds } = store.getState();
  const nodeIds = [...selectedNodeIds];
  const edges = document.edges.filter(
    (edge) =>
      selectedEdgeIds.has(edgeId(edge)) && !selectedNodeIds.has(edge.from) && !selectedNodeIds.has(edge.to),
  );
  if (nodeIds.length + edges.length === 0) return;
  store.apply(
    [
      ...(edges.length > 0 ? [{ kind: 'remove_edges', edges } as const] : []),
      ...(nodeIds.length > 0 ? [{ kind: 'remove_nodes', nodeIds } as const] : []),
    ],
    { say: `${countInWords(store, nodeIds, edges.length)} removed` },
  );
}

/** The selected nodes as JSON text for the clipboard; null when nothing is selected. */
export function copySelection(store: EditorStore): string | null {
  const { document, selectedNodeIds } = store.getState();
  if (selectedNodeIds.size === 0) return null;
  store.announce(`${countInWords(store, [...selectedNodeIds])} copied`);
  return copyFragment(document, [...selectedNodeIds]);
}

/** What came of a paste: the message says why nothing was added, the hints what a new node still needs. */
export interface Pasted {
  readonly ok: boolean;
  readonly message?: string;
  readonly hints?: readonly Hint[];
}

/**
 * Adds what the text holds, at `at` or beside where it was copied from, and selects it. A cURL command becomes an HTTP
 * node; it was copied from no place, so it goes to `middle`, or the nearest free place.
 */
export function pasteText(store: EditorStore, text: string, at?: Position, middle?: Position): Pasted {
  const { document, selectedNodeIds } = store.getState();
  const parent = at ? undefined : pasteParent(document, selectedNodeIds, store.catalog);
  if (isCurl(text)) {
    const made = curlFragment(text);
    if (!made.ok) return made;
    const free = middle && freePlace(middle, nodeBoxes(document, store.catalog).values());
    const place = at ?? (parent === undefined ? free : undefined);
    const { fragment, verb, hints } = made;
    return { ok: addFragment(store, fragment, { at: place, verb, parent }), hints };
  }
  const read = readFragment(text);
  if (!read.ok) return { ok: false, message: read.message };
  return { ok: addFragment(store, read.fragment, { at, verb: 'pasted', parent }) };
}

/** Adds nodes from elsewhere, such as those of a template, with their upper left corner at `at`, and selects them. */
export function insertFragment(store: EditorStore, fragment: FlowFragment, at: Position): boolean {
  return addFragment(store, fragment, { verb: 'inserted', at, parent: undefined });
}

/** Copies the selection in place, a little lower. */
export function duplicateSelection(store: EditorStore): void {
  const { document, selectedNodeIds } = store.getState();
  if (selectedNodeIds.size === 0) return;
  addFragment(store, fragmentOf(document, [...selectedNodeIds]), {
    verb: 'duplicated',
    parent: commonParent(document, selectedNodeIds),
  });
}

/** Moves the selected nodes by whole grid steps; steps that follow each other closely undo as one. */
export function nudgeSelection(store: EditorStore, by: Position): void {
  const { document, selectedNodeIds } = store.getState();
  if (selectedNodeIds.size === 0) return;
  const boxes = nodeBoxes(document, store.catalog);
  const positions = Object.fromEntries(
    [...contentsOf(document, selectedNodeIds)].map((id) => {
      const { x, y } = boxes.get(id) ?? { x: 0, y: 0 };
      return [id, { x: snap(x + by.x * GRID), y: snap(y + by.y * GRID) }];
    }),
  );
  const operations = withRoom(document, [{ kind: 'move_nodes', positions }], store.catalog);
  store.apply(operations, { mergeKey: `nudge ${[...selectedNodeIds].join(' ')}` });
}

interface Paste {
  readonly verb: string;
  readonly at?: Position;
  /** The loop that the copies go into. */
  readonly parent: string | undefined;
}

function addFragment(store: EditorStore, whole: FlowFragment, { verb, at, parent }: Paste): boolean {
  const { document } = store.getState();
  const before = new Set(document.nodes.map((node) => node.id));
  const fragment = withoutSecondTrigger(store, whole);
  const { length } = fragment.nodes;
  if (length === 0) {
    store.announce('A flow has one trigger, and this one has it already');
    return false;
  }
  const leftOut = length < whole.nodes.length ? ', without the trigger: this flow has one' : '';
  const say = `${length} ${length === 1 ? 'node' : 'nodes'} ${verb}${leftOut}`;
  const offset = pasteOffset(store, fragment.nodes, { at, parent });
  const operation = { kind: 'paste', fragment, offset, ...(parent !== undefined && { parent }) } as const;
  if (!store.apply(withRoom(document, [operation], store.catalog), { say })) return false;
  const added = store.getState().document.nodes.filter((node) => !before.has(node.id));
  const addedIds = new Set(added.map((node) => node.id));
  store.select(
    added.filter(({ parent: loop }) => loop === undefined || !addedIds.has(loop)).map(({ id }) => id),
  );
  return true;
}

/** Copies go into the loop that is selected, or that all selected nodes are in. */
function pasteParent(
  document: FlowDocument,
  selected: ReadonlySet<string>,
  catalog: Catalog,
): string | undefined {
  const [only] = selected;
  const node = only === undefined ? undefined : nodeById(document, only);
  return node && selected.size === 1 && isLoop(node, catalog) ? node.id : commonParent(document, selected);
}

function commonParent(document: FlowDocument, nodeIds: ReadonlySet<string>): string | undefined {
  const parents = new Set([...nodeIds].map((id) => nodeById(document, id)?.parent));
  return parents.size === 1 ? [...parents][0] : undefined;
}

/** A flow has one trigger: a copy of another one stays out, the nodes after it come in. */
function withoutSecondTrigger(store: EditorStore, fragment: FlowFragment): FlowFragment {
  const { catalog } = store;
  if (!store.getState().document.nodes.some((node) => isTrigger(node, catalog))) return fragment;
  const nodes = fragment.nodes.filter((node) => !isTrigger(node, catalog));
  const kept = new Set(nodes.map((node) => node.id));
  return { nodes, edges: fragment.edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to)) };
}

/**
 * To `at` when given; beside the nodes of the loop that the copies go into when they come from elsewhere; else two grid
 * steps aside, further while copies already lie there.
 */
function pasteOffset(
  store: EditorStore,
  nodes: readonly FlowNode[],
  { at, parent }: Pick<Paste, 'at' | 'parent'>,
): Position {
  const { document } = store.getState();
  const corner = {
    x: Math.min(...nodes.map((node) => node.position?.x ?? 0)),
    y: Math.min(...nodes.map((node) => node.position?.y ?? 0)),
  };
  const place = at ?? (parent === undefined ? undefined : placeInside(store, parent, corner));
  if (place) return { x: snap(place.x - corner.x), y: snap(place.y - corner.y) };
  const taken = new Set([...nodeBoxes(document, store.catalog).values()].map(({ x, y }) => `${x},${y}`));
  const step = 2 * GRID;
  let by = step;
  while (taken.has(`${corner.x + by},${corner.y + by}`)) by += step;
  return { x: by, y: by };
}

/** Undefined where the copies come from the loop itself, or from just beside its nodes. */
function placeInside(store: EditorStore, loopId: string, corner: Position): Position | undefined {
  const { document } = store.getState();
  if (loopAt(document, store.catalog, { point: corner }) === loopId) return undefined;
  return insidePlace(document, store.catalog, loopId);
}

function countInWords(store: EditorStore, nodeIds: readonly string[], edgeCount = 0): string {
  const { document } = store.getState();
  const inside = contentsOf(document, nodeIds).size - nodeIds.length;
  const chosen = nodeIds.length === 1 ? labelOf(store, nodeIds[0] ?? '') : `${nodeIds.length} nodes`;
  const nodes = inside === 0 ? chosen : `${chosen} with ${inside} ${inside === 1 ? 'node' : 'nodes'} inside`;
  const edges = edgeCount === 1 ? 'edge' : `${edgeCount} edges`;
  if (edgeCount === 0) return nodes;
  return nodeIds.length === 0 ? edges : `${nodes} and ${edges}`;
}
