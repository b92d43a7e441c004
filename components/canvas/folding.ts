import type { FlowDocument, FlowNote } from '#core/flow-document.ts';
import { contentsOf } from '#core/graph.ts';

import type { EditorStore } from './editor-store.ts';
import { isLoop, loopsAround } from './loop-bodies.ts';

/** What is not seen because something around it is folded. */
export interface Folding {
  /** Ids of the nodes that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  /** Ids of the nodes whose group is folded, with that of the group: their edges end at its box. */
  readonly groupOf: ReadonlyMap<string, string>;
}

const NOTHING: Folding = { hidden: new Set(), groupOf: new Map() };

/** Under which a folded group stands among what is folded: notes and nodes can have the same id. */
export const groupKey = ({ id }: Pick<FlowNote, 'id'>): string => `note ${id}`;

/** What these folded loops, by id, and groups, by `groupKey`, keep out of sight. */
export function foldingOf(document: FlowDocument, folded: ReadonlySet<string>): Folding {
  if (folded.size === 0) return NOTHING;
  const hidden = new Set<string>();
  const groupOf = new Map<string, string>();
  const loops = document.nodes.filter(({ id }) => folded.has(id)).map(({ id }) => id);
  for (const id of loops) hideInside(document, [id], hidden);
  for (const note of document.notes) {
    if (!note.nodes || !folded.has(groupKey(note))) continue;
    hideInside(document, note.nodes, hidden);
    for (const id of note.nodes) groupOf.set(id, note.id);
  }
  return { hidden, groupOf };
}

/** What is in loops, without these themselves. */
function hideInside(document: FlowDocument, ids: readonly string[], hidden: Set<string>): void {
  const outer = new Set(ids);
  for (const id of contentsOf(document, ids)) if (!outer.has(id)) hidden.add(id);
}

/**
 * Folds loops to one box each, or opens those that are folded: these, else the selected ones and the groups of selected
 * nodes. How a flow is looked at, and no edit of it.
 */
export function toggleFold(store: EditorStore, keys?: readonly string[]): void {
  const { document, selectedNodeIds, foldedIds } = store.getState();
  const wanted = keys ?? foldable(store, selectedNodeIds);
  if (wanted.length === 0) return store.announce('Select a loop or a group to fold it');
  const isFolding = wanted.some((key) => !foldedIds.has(key));
  const next = new Set(isFolding ? [...foldedIds, ...wanted] : foldedIds);
  if (!isFolding) for (const key of wanted) next.delete(key);
  const { hidden, groupOf } = foldingOf(document, next);
  // First, for what is selected is always seen.
  store.select([...selectedNodeIds].filter((id) => !hidden.has(id) && !groupOf.has(id)));
  store.setState({ foldedIds: next });
  store.announce(isFolding ? 'Folded' : 'Unfolded');
}

/** A selected loop is meant itself; only without any are the groups of the nodes. */
function foldable(store: EditorStore, selected: ReadonlySet<string>): readonly string[] {
  const { document } = store.getState();
  const loops = document.nodes.filter((node) => selected.has(node.id) && isLoop(node, store.catalog));
  if (loops.length > 0) return loops.map(({ id }) => id);
  return document.notes.filter(({ nodes }) => nodes?.some((id) => selected.has(id))).map(groupKey);
}

/** Without what is around these nodes: what is selected is seen. */
export function unfoldAround(
  document: FlowDocument,
  folded: ReadonlySet<string>,
  nodeIds: Iterable<string>,
): ReadonlySet<string> {
  if (folded.size === 0) return folded;
  const wanted = new Set(nodeIds);
  const loops = document.nodes
    .filter(({ id }) => wanted.has(id))
    .flatMap((node) => loopsAround(document, node));
  const all = new Set([...wanted, ...loops]);
  const groups = document.notes.filter(({ nodes }) => nodes?.some((id) => all.has(id))).map(groupKey);
  const around = new Set([...loops, ...groups]);
  return [...folded].some((key) => around.has(key))
    ? new Set([...folded].filter((key) => !around.has(key)))
    : folded;
}
