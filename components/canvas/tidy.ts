import type { FlowDocument, Position } from '#core/flow-document.ts';
import { contentsOf } from '#core/graph.ts';

import { outermostSelected } from './arrange-selection.ts';
import type { EditorStore } from './editor-store.ts';
import { nodeBoxes } from './node-place.ts';
import { snap } from './node-size.ts';
import { withRoom } from './push-aside.ts';
import { tidyLayout } from './tidy-layout.ts';

/**
 * Puts nodes in order, as one step of undo: the selected ones when there are several, which keep their upper left corner
 * and leave all others where a person put them; else all of them. An edit made while the layout was computed wins. True
 * when the whole flow was put in order.
 */
export async function tidy(store: EditorStore): Promise<boolean> {
  const { document, selectedNodeIds } = store.getState();
  const part = selectedNodeIds.size > 1 ? partToTidy(document, selectedNodeIds) : document;
  if (part.nodes.length === 0) return false;
  const places = await tidyLayout(part, store.catalog).catch((error: unknown) => {
    console.warn('The layout could not be worked out', error);
    return null;
  });
  if (!places) {
    store.announce('Tidying up needs a connection the first time. Try again once there is one');
    return false;
  }
  if (store.getState().document !== document) return false;
  const isWhole = part === document;
  const positions = isWhole ? places : inPlace(store, document, places);
  const operations = withRoom(document, [{ kind: 'move_nodes', positions }], store.catalog);
  const say = isWhole ? 'Nodes tidied up' : `${part.nodes.length} nodes tidied up`;
  store.apply(isWhole ? [{ kind: 'move_nodes', positions }] : operations, { say });
  return isWhole;
}

/** The selected nodes with what is in their loops, as a flow of their own. */
function partToTidy(document: FlowDocument, selected: ReadonlySet<string>): FlowDocument {
  const outer = new Set(outermostSelected(document, selected));
  const inside = contentsOf(document, outer);
  return {
    ...document,
    nodes: document.nodes
      .filter(({ id }) => inside.has(id))
      .map((node) => {
        const { parent: _parent, ...rest } = node;
        return outer.has(node.id) ? rest : node;
      }),
    edges: document.edges.filter(({ from, to }) => inside.has(from) && inside.has(to)),
  };
}

/** With the corner where it was: a part of a flow must not wander. */
function inPlace(
  { catalog }: EditorStore,
  document: FlowDocument,
  places: Readonly<Record<string, Position>>,
): Readonly<Record<string, Position>> {
  const boxes = nodeBoxes(document, catalog);
  const ids = Object.keys(places);
  const corner = (at: (id: string) => Position | undefined): Position => ({
    x: Math.min(...ids.map((id) => at(id)?.x ?? Infinity)),
    y: Math.min(...ids.map((id) => at(id)?.y ?? Infinity)),
  });
  const [before, after] = [corner((id) => boxes.get(id)), corner((id) => places[id])];
  return Object.fromEntries(
    Object.entries(places).map(([id, { x, y }]) => [
      id,
      { x: snap(x + before.x - after.x), y: snap(y + before.y - after.y) },
    ]),
  );
}
