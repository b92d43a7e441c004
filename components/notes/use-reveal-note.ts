'use client';

import { useCallback } from 'react';

import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { usePanTo } from '#components/canvas/use-pan-to.ts';
import { whenDrawn } from '#components/canvas/when-drawn.ts';

import { boxOf } from './note-box.ts';

/** Brings a note into sight, on the canvas or in the outline, with the focus on it or on the text that is being written. */
export function useRevealNote(): (noteId: string) => void {
  const store = useEditorStore();
  const panTo = usePanTo();
  return useCallback(
    (noteId) =>
      whenDrawn(`[data-region="canvas"] [data-note="${CSS.escape(noteId)}"]`, (element) => {
        const { view, document } = store.getState();
        const note = document.notes.find(({ id }) => id === noteId);
        const target = element.querySelector('textarea') ?? element;
        // The browser's own scrolling would shift the canvas within its frame.
        target.focus({ preventScroll: true });
        if (view === 'outline') element.scrollIntoView({ block: 'nearest' });
        else if (note) panTo(boxOf(note));
      }),
    [store, panTo],
  );
}
