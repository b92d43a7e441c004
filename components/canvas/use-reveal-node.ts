'use client';

import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useCallback } from 'react';

import { zoomMs } from './view-moves.ts';

/** Gives a node focus, unless that is to stay where it is, and pans to it when it is out of sight. */
export function useRevealNode(): (nodeId: string, options?: { readonly keepsFocus: boolean }) => void {
  const { getNode, setCenter, getZoom } = useReactFlow();
  const flowStore = useStoreApi();
  return useCallback(
    (nodeId, { keepsFocus } = { keepsFocus: false }) => {
      const focusedThen = document.activeElement;
      whenDrawn(nodeId, (element) => {
        if (!keepsFocus && !isElsewhere(focusedThen)) element.focus({ preventScroll: true });
        const node = getNode(nodeId);
        if (!node) return;
        const { width, height, transform } = flowStore.getState();
        const [x, y, zoom] = transform;
        const [nodeWidth, nodeHeight] = [node.measured?.width ?? 240, node.measured?.height ?? 64];
        const [left, top] = [node.position.x * zoom + x, node.position.y * zoom + y];
        const [right, bottom] = [left + nodeWidth * zoom, top + nodeHeight * zoom];
        if (left >= 0 && top >= 0 && right <= width && bottom <= height) return;
        const centre = { x: node.position.x + nodeWidth / 2, y: node.position.y + nodeHeight / 2 };
        void setCenter(centre.x, centre.y, { zoom: getZoom(), duration: zoomMs() });
      });
    },
    [getNode, setCenter, getZoom, flowStore],
  );
}

/** True when the person went on to another place meanwhile: what they type there must not go astray. */
function isElsewhere(focusedThen: Element | null): boolean {
  const { activeElement, body } = document;
  return activeElement !== null && activeElement !== body && activeElement !== focusedThen;
}

/** About half a second. */
const MAX_FRAMES = 30;

/** A node just added is drawn some frames later, and out of sight until it is measured: only then can it take focus. */
function whenDrawn(nodeId: string, act: (element: HTMLElement) => void): void {
  let frame = 0;
  const look = () => {
    const selector = `[data-region="canvas"] :is(.react-flow__node, [role="treeitem"])[data-id="${CSS.escape(nodeId)}"]`;
    const element = document.querySelector<HTMLElement>(selector);
    frame += 1;
    if (element && getComputedStyle(element).visibility === 'visible') act(element);
    else if (frame < MAX_FRAMES) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
