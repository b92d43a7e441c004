'use client';

import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';

import { toast } from '#components/ui/toast.tsx';

import { useEditorStore } from './editor-context.tsx';
import { isTyping } from './key-scope.ts';
import { hintText } from './paste-curl.ts';
import { copySelection, pasteText, type Pasted, removeSelection } from './selection-actions.ts';

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
      const middle = canvasPlace(host, screenToFlowPosition);
      const isEmpty = store.getState().document.nodes.length === 0;
      show(pasteText(store, text, isEmpty ? middle : undefined, middle));
    };
    const controller = new AbortController();
    const options = { signal: controller.signal };
    document.addEventListener('copy', onCopy, options);
    document.addEventListener('cut', onCopy, options);
    document.addEventListener('paste', onPaste, options);
    return () => controller.abort();
  }, [store, host, screenToFlowPosition]);
}

function show({ ok, message, hints = [] }: Pasted): void {
  if (!ok && message) toast.error(message);
  const toDo = hints.filter(({ kind }) => kind === 'do');
  if (!ok || toDo.length === 0) return;
  const title = toDo.length === 1 ? 'One thing needs a hand' : `${toDo.length} things need a hand`;
  toast.warning(title, { description: toDo.map(hintText).join('\n'), duration: 20_000, closeButton: true });
}

/** Where something is put that has no place of its own: left of the middle, so that what follows is seen, too. */
function canvasPlace(
  host: HTMLElement | null,
  toFlow: (point: { x: number; y: number }) => { x: number; y: number },
): { x: number; y: number } | undefined {
  if (!host) return undefined;
  const { left, top, width, height } = host.getBoundingClientRect();
  return toFlow({ x: left + width / 3, y: top + height / 2 });
}
