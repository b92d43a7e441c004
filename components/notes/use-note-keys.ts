'use client';

import type { KeyboardEvent } from 'react';

import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { focusCanvas } from '#components/canvas/focus-region.ts';
import type { FlowNote } from '#core/flow-document.ts';

import { changeNote, copyNote, removeNote } from './note-actions.ts';
import { movedNote, resizedNote } from './note-box.ts';
import { noteKey } from './note-key.ts';
import { useRevealNote } from './use-reveal-note.ts';

/** The keys of a note, while it, and nothing in it, has the focus. */
export function useNoteKeys(note: FlowNote): (event: KeyboardEvent<HTMLElement>) => void {
  const store = useEditorStore();
  const reveal = useRevealNote();
  return (event) => {
    if (event.target !== event.currentTarget) return;
    const found = noteKey(event);
    if (!found) return;
    // Tab goes on to the links and buttons of the note; on a node it would add one.
    event.stopPropagation();
    if (found.kind === 'tab') return;
    event.preventDefault();
    if (found.kind === 'leave') return focusCanvas();
    const isPlaced = store.getState().view === 'canvas';
    if (store.isReadOnly || ('by' in found && !isPlaced)) return;
    const { offsetWidth: width, offsetHeight: height } = event.currentTarget;
    switch (found.kind) {
      case 'edit':
        return store.setState({ editedNoteId: note.id });
      case 'remove':
        return removeNote(store, note);
      case 'copy': {
        const copy = copyNote(store, note);
        return copy === undefined ? undefined : reveal(copy);
      }
      case 'move':
        return changeNote(store, movedNote(note, found.by), 'box');
      case 'resize':
        return changeNote(store, resizedNote(note, found.by, { width, height }), 'box');
      case 'keep':
    }
  };
}
