'use client';

import { useCallback } from 'react';

import { useEditorStore } from './editor-context.tsx';
import { nextFault } from './next-fault.ts';
import { useOpenFault } from './use-open-fault.ts';

/** Goes to the next node with a fault, or with -1 to the one before, and opens the setting that it is in. */
export function useNextFault(): (step: 1 | -1) => void {
  const store = useEditorStore();
  const open = useOpenFault();
  return useCallback(
    (step) => {
      const { document, faults, selectedNodeIds } = store.getState();
      const [from] = [...selectedNodeIds].slice(-1);
      const fault = nextFault(document, faults, { from, step });
      if (!fault) {
        store.announce('No faults in this flow');
        return;
      }
      open(fault);
      store.announce(fault.message);
    },
    [store, open],
  );
}
