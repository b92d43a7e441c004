'use client';

import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';

import { toast } from '#components/ui/toast.tsx';

import { useEditorStore } from './editor-context.tsx';
import { copySelection, pasteText, removeSelection } from './selection-actions.ts';
import { isTyping } from './use-canvas-keys.ts';

/**
 * Copy, cut and paste through the browser's own clipboard events: they need no permission, and what is copied is JSON
 * text that can be pasted into another window, another browser or a message to a colleague.
 */
export function useCanvasClipboard(host: HTMLElement | null): void {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  useEffect(() => {
    const isForCanvas = (event: ClipboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      const isText = isTyping(target) || (document.getSelection()?.toString() ?? '') !== '';
      return !isText && (target === document.body || host?.contains(target) === true);
    };
    const onCopy = (event: ClipboardEvent) => {
      if (!isForCanvas(event)) return;
      const text = copySelection(store);
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', text);
      if (event.type === 'cut' && !store.isReadOnly) removeSelection(store);
    };
    const onPaste = (event: ClipboardEvent) => {
      if (!isForCanvas(event) || store.isReadOnly) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (text.trim() === '') return;
      event.preventDefault();
      const pasted = pasteText(
        store,
        text,
        pastePlace(store.getState().document.nodes.length, host, screenToFlowPosition),
      );
      if (!pasted.ok && pasted.message) toast.error(pasted.message);
    };
    const controller = new AbortController();
    const options = { signal: controller.signal };
    document.addEventListener('copy', onCopy, options);
    document.addEventListener('cut', onCopy, options);
    document.addEventListener('paste', onPaste, options);
    return () => controller.abort();
  }, [store, host, screenToFlowPosition]);
}

/** On an empty canvas in the middle; else undefined, which means beside where it was copied from. */
function pastePlace(
  nodeCount: number,
  host: HTMLElement | null,
  toFlow: (point: { x: number; y: number }) => { x: number; y: number },
): { x: number; y: number } | undefined {
  if (nodeCount > 0 || !host) return undefined;
  const { left, top, width, height } = host.getBoundingClientRect();
  return toFlow({ x: left + width / 3, y: top + height / 2 });
}
