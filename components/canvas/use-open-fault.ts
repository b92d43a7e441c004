'use client';

import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';

import type { Fault } from '#core/fault.ts';

import { useEditorStore } from './editor-context.tsx';
import { zoomMs } from './view-moves.ts';

/** Leads to where a fault is: shows the node, selects it and opens the setting. */
export function useOpenFault(): (fault: Pick<Fault, 'nodeId' | 'pointer'>) => void {
  const store = useEditorStore();
  const { fitView } = useReactFlow();
  return useCallback(
    (fault) => {
      const { nodeId } = fault;
      if (nodeId === undefined) {
        store.select([]);
        store.setState({ isInspectorOpen: true, fieldToOpen: { nodeId: '', pointer: fault.pointer } });
        return;
      }
      store.select([nodeId]);
      const pointer = fault.pointer.replace(/^\/nodes\/\d+/, '');
      store.setState({ isInspectorOpen: true, fieldToOpen: { nodeId, pointer } });
      void fitView({ nodes: [{ id: nodeId }], maxZoom: 1, minZoom: 0.5, padding: 1, duration: zoomMs() });
    },
    [store, fitView],
  );
}
