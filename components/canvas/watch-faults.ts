import { validateFlow } from '#core/validate-flow.ts';

import type { EditorStore } from './editor-store.ts';
import { groupFaults } from './group-faults.ts';

/** How long the document must be at rest before it is checked anew. */
const REST_MS = 120;

/** Keeps the store's faults in step with its document. Returns the way to stop. */
export function watchFaults(store: EditorStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const check = () => {
    const { faults } = validateFlow(store.getState().document, store.catalog);
    store.setState(({ faultsByNode }) => ({ faults, faultsByNode: groupFaults(faults, faultsByNode) }));
  };
  check();
  const stop = store.subscribe((state, before) => {
    if (state.document === before.document) return;
    clearTimeout(timer);
    timer = setTimeout(check, REST_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
