import type { Fault } from '#core/fault.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { faultsAfterEdits, validateFlow } from '#core/validate-flow.ts';

import type { EditorStore } from './editor-store.ts';
import { groupFaults } from './group-faults.ts';

/** How long the document must be at rest before it is checked anew. */
const REST_MS = 120;

/** Keeps the store's faults in step with its document. Returns the way to stop. */
export function watchFaults(store: EditorStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSound = false;
  /** From when it was once found to be in shape, the document stays so: edits that would spoil it are refused. */
  const faultsOf = (document: FlowDocument): readonly Fault[] => {
    if (isSound) return faultsAfterEdits(document, store.catalog);
    const { flow, faults } = validateFlow(document, store.catalog);
    isSound = flow !== null;
    return faults;
  };
  const check = () => {
    const faults = faultsOf(store.getState().document);
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
