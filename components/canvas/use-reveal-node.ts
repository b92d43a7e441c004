'use client';

import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useCallback } from 'react';
import type { RefObject } from 'react';

import { ZOOM_MS } from './canvas-controls.tsx';

/** Gives a node focus, and pans to it when it is out of sight. Waits a frame, so that a node just added is there. */
export function useRevealNode(host: RefObject<HTMLElement | null>): (nodeId: string) => void {
  const { getNode, setCenter, getZoom } = useReactFlow();
  const flowStore = useStoreApi();
  return useCallback(
    (nodeId) => {
      requestAnimationFrame(() => {
        const element = host.current?.querySelector<HTMLElement>(
          `.react-flow__node[data-id="${CSS.escape(nodeId)}"]`,
        );
        element?.focus({ preventScroll: true });
        const node = getNode(nodeId);
        if (!node) return;
        const { width, height, transform } = flowStore.getState();
        const [nodeWidth, nodeHeight] = [node.measured?.width ?? 240, node.measured?.height ?? 64];
        const [left, top] = [
          node.position.x * transform[2] + transform[0],
          node.position.y * transform[2] + transform[1],
        ];
        const [right, bottom] = [left + nodeWidth * transform[2], top + nodeHeight * transform[2]];
        if (left >= 0 && top >= 0 && right <= width && bottom <= height) return;
        void setCenter(node.position.x + nodeWidth / 2, node.position.y + nodeHeight / 2, {
          zoom: getZoom(),
          duration: ZOOM_MS,
        });
      });
    },
    [host, getNode, setCenter, getZoom, flowStore],
  );
}
