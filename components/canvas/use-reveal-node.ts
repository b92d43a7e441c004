'use client';

import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';

import { usePanTo } from './use-pan-to.ts';
import { whenDrawn } from './when-drawn.ts';

/** Gives a node focus, unless that is to stay where it is, and pans to it when it is out of sight. */
export function useRevealNode(): (nodeId: string, options?: { readonly keepsFocus: boolean }) => void {
  const { getNode } = useReactFlow();
  const panTo = usePanTo();
  return useCallback(
    (nodeId, { keepsFocus } = { keepsFocus: false }) => {
      const focusedThen = document.activeElement;
      const selector = `[data-region="canvas"] :is(.react-flow__node, [role="treeitem"])[data-id="${CSS.escape(nodeId)}"]`;
      whenDrawn(selector, (element) => {
        if (!keepsFocus && !isElsewhere(focusedThen)) element.focus({ preventScroll: true });
        const node = getNode(nodeId);
        if (!node) return;
        const { width = 240, height = 64 } = node.measured ?? {};
        panTo({ ...node.position, width, height });
      });
    },
    [getNode, panTo],
  );
}

/** True when the person went on to another place meanwhile: what they type there must not go astray. */
function isElsewhere(focusedThen: Element | null): boolean {
  const { activeElement, body } = document;
  return activeElement !== null && activeElement !== body && activeElement !== focusedThen;
}
