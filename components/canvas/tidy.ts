import type { EditorStore } from './editor-store.ts';
import { tidyLayout } from './tidy-layout.ts';

/** Puts all nodes in order, as one step of undo. An edit made while the layout was computed wins. */
export async function tidy(store: EditorStore): Promise<void> {
  const { document } = store.getState();
  if (document.nodes.length === 0) return;
  const positions = await tidyLayout(document, store.catalog).catch((error: unknown) => {
    console.warn('The layout could not be worked out', error);
    return null;
  });
  if (!positions) {
    store.announce('Tidying up needs a connection the first time. Try again once there is one');
    return;
  }
  if (store.getState().document !== document) return;
  store.apply({ kind: 'move_nodes', positions }, { say: 'Nodes tidied up' });
}
