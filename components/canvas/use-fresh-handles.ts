'use client';

import { useUpdateNodeInternals } from '@xyflow/react';
import { useEffect, useRef } from 'react';

import type { StepNodeData } from './canvas-node.ts';

/** Lets React Flow measure the handles anew when there are others than before: it draws no edge to one it does not know. */
export function useFreshHandles(nodeId: string, { ports, role, hasUndo }: StepNodeData): void {
  const update = useUpdateNodeInternals();
  const handles = `${ports.join()} ${role} ${hasUndo}`;
  const measured = useRef(handles);
  useEffect(() => {
    if (measured.current === handles) return;
    measured.current = handles;
    update(nodeId);
  }, [update, nodeId, handles]);
}
