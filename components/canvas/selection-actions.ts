import { copyFragment, readFragment } from '#core/clipboard.ts';
import type { FlowFragment } from '#core/flow-operation.ts';
import type { FlowNode, Position } from '#core/flow-document.ts';

import { labelOf } from './edit-actions.ts';
import { edgeId } from './edge-id.ts';
import type { EditorStore } from './editor-store.ts';
import { fallbackPositions } from './fallback-layout.ts';
import { isTrigger } from './node-ports.ts';
import { GRID, snap } from './node-size.ts';

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

/** Adds what the text holds, at `at` or beside where it was copied from, and selects it. The message says why not. */
export function pasteText(
  store: EditorStore,
  text: string,
  at?: Position,
): { ok: boolean; message?: string } {
  const read = readFragment(text);
  if (!read.ok) return { ok: false, message: read.message };
  return { ok: addFragment(store, read.fragment, at, 'pasted') };
}

/** Copies the selection in place, a little lower. */
export function duplicateSelection(store: EditorStore): void {
  const { document, selectedNodeIds } = store.getState();
  if (selectedNodeIds.size === 0) return;
  const nodes = document.nodes.filter((node) => selectedNodeIds.has(node.id));
  const edges = document.edges.filter(
    (edge) => selectedNodeIds.has(edge.from) && selectedNodeIds.has(edge.to),
  );
  addFragment(store, { nodes, edges }, undefined, 'duplicated');
}

/** Moves the selected nodes by whole grid steps; steps that follow each other closely undo as one. */
export function nudgeSelection(store: EditorStore, by: Position): void {
  const { document, selectedNodeIds } = store.getState();
  if (selectedNodeIds.size === 0) return;
  const places = fallbackPositions(document);
  const positions = Object.fromEntries(
    [...selectedNodeIds].map((id) => {
      const { x, y } = places.get(id) ?? { x: 0, y: 0 };
      return [id, { x: snap(x + by.x * GRID), y: snap(y + by.y * GRID) }];
    }),
  );
  store.apply({ kind: 'move_nodes', positions }, { mergeKey: `nudge ${[...selectedNodeIds].join(' ')}` });
}

function addFragment(
  store: EditorStore,
  whole: FlowFragment,
  at: Position | undefined,
  verb: string,
): boolean {
  const before = new Set(store.getState().document.nodes.map((node) => node.id));
  const fragment = withoutSecondTrigger(store, whole);
  const { length } = fragment.nodes;
  if (length === 0) {
    store.announce('A flow has one trigger, and this one has it already');
    return false;
  }
  const leftOut = length < whole.nodes.length ? ', without the trigger: this flow has one' : '';
  const say = `${length} ${length === 1 ? 'node' : 'nodes'} ${verb}${leftOut}`;
  const offset = pasteOffset(store, fragment.nodes, at);
  if (!store.apply({ kind: 'paste', fragment, offset }, { say })) return false;
  const added = store.getState().document.nodes.filter((node) => !before.has(node.id));
  store.select(added.map((node) => node.id));
  return true;
}

/** A flow has one trigger: a copy of another one stays out, the nodes after it come in. */
function withoutSecondTrigger(store: EditorStore, fragment: FlowFragment): FlowFragment {
  const { catalog } = store;
  if (!store.getState().document.nodes.some((node) => isTrigger(node, catalog))) return fragment;
  const nodes = fragment.nodes.filter((node) => !isTrigger(node, catalog));
  const kept = new Set(nodes.map((node) => node.id));
  return { nodes, edges: fragment.edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to)) };
}

/** To `at` when given; else two grid steps aside, further while copies already lie there. */
function pasteOffset(store: EditorStore, nodes: readonly FlowNode[], at?: Position): Position {
  const corner = {
    x: Math.min(...nodes.map((node) => node.position?.x ?? 0)),
    y: Math.min(...nodes.map((node) => node.position?.y ?? 0)),
  };
  if (at) return { x: snap(at.x - corner.x), y: snap(at.y - corner.y) };
  const taken = new Set(
    [...fallbackPositions(store.getState().document).values()].map(({ x, y }) => `${x},${y}`),
  );
  const step = 2 * GRID;
  let by = step;
  while (taken.has(`${corner.x + by},${corner.y + by}`)) by += step;
  return { x: by, y: by };
}

function countInWords(store: EditorStore, nodeIds: readonly string[], edgeCount = 0): string {
  const nodes = nodeIds.length === 1 ? labelOf(store, nodeIds[0] ?? '') : `${nodeIds.length} nodes`;
  const edges = edgeCount === 1 ? 'edge' : `${edgeCount} edges`;
  if (edgeCount === 0) return nodes;
  return nodeIds.length === 0 ? edges : `${nodes} and ${edges}`;
}
