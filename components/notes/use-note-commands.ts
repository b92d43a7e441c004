'use client';

import { useReactFlow } from '@xyflow/react';
import { useMemo } from 'react';

import { centreOfCanvas } from '#components/canvas/canvas-centre.ts';
import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { noteTitle } from '#core/markdown/note-title.ts';

import { addNote } from './note-actions.ts';
import { nextNote } from './note-box.ts';
import { useRevealNote } from './use-reveal-note.ts';

export interface NoteCommands {
  /** Adds a note in the middle of the canvas, or from the outline below the flow, and opens it to be written. */
  readonly add: () => void;
  /** Gives the note after the one that has the focus the focus. */
  readonly goToNext: () => void;
}

/** What keys, buttons and the command palette do with notes. The same functions as long as the editor stands. */
export function useNoteCommands(): NoteCommands {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  const reveal = useRevealNote();
  return useMemo(
    () => ({
      add: () => {
        const isSeen = store.getState().view === 'canvas';
        const added = addNote(store, isSeen ? centreOfCanvas(screenToFlowPosition) : undefined);
        if (added !== undefined) reveal(added);
      },
      goToNext: () => {
        const focused = document.activeElement?.closest<HTMLElement>('[data-note]')?.dataset['note'];
        const note = nextNote(store.getState().document, focused);
        if (!note) return store.announce('There are no notes. Shift+S adds one.');
        reveal(note.id);
        store.announce(`Note: ${noteTitle(note)}`);
      },
    }),
    [store, screenToFlowPosition, reveal],
  );
}
