import type { FlowDocument } from '#core/flow-document.ts';
import { contentsOf } from '#core/graph.ts';

import type { EditorStore } from './editor-store.ts';
import { isLoop, loopsAround } from './loop-bodies.ts';

const NOTHING: ReadonlySet<string> = new Set();

/** Ids of the nodes that are not drawn, because a loop around them is folded. */
export function hiddenNodes(document: FlowDocument, folded: ReadonlySet<string>): ReadonlySet<string> {
  if (folded.size === 0) return NOTHING;
  const hidden = new Set(contentsOf(document, folded));
  for (const id of folded) {
    const loop = document.nodes.find((node) => node.id === id);
    // A folded loop in another one is hidden by that one alone.
    if (!loop || !loopsAround(document, loop).some((around) => folded.has(around))) hidden.delete(id);
  }
  return hidden;
}

/** Folds the selected loops to one box each, or opens those that are folded. How a flow is looked at, and no edit of it. */
export function toggleFold(store: EditorStore, loopIds?: Iterable<string>): void {
  const { document, selectedNodeIds, foldedIds } = store.getState();
  const wanted = new Set(loopIds ?? selectedNodeIds);
  const loops = document.nodes.filter((node) => wanted.has(node.id) && isLoop(node, store.catalog));
  if (loops.length === 0) return store.announce('Select a loop to fold it');
  const isFolding = loops.some(({ id }) => !foldedIds.has(id));
  const next = new Set(foldedIds);
  for (const { id } of loops) {
    if (isFolding) next.add(id);
    else next.delete(id);
  }
  store.setState({ foldedIds: next });
  const hidden = hiddenNodes(document, next);
  store.select([...selectedNodeIds].filter((id) => !hidden.has(id)));
  store.announce(isFolding ? 'Folded' : 'Unfolded');
}

/** Without the loops around these nodes: what is selected is seen. */
export function unfoldAround(
  document: FlowDocument,
  folded: ReadonlySet<string>,
  nodeIds: Iterable<string>,
): ReadonlySet<string> {
  if (folded.size === 0) return folded;
  const wanted = new Set(nodeIds);
  const around = new Set(
    document.nodes.filter(({ id }) => wanted.has(id)).flatMap((node) => loopsAround(document, node)),
  );
  return [...folded].some((id) => around.has(id))
    ? new Set([...folded].filter((id) => !around.has(id)))
    : folded;
}
