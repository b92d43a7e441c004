import type { EditorStore } from '#components/canvas/editor-store.ts';
import { focusCanvas } from '#components/canvas/focus-region.ts';
import type { FlowNote, Position } from '#core/flow-document.ts';
import { noteTitle } from '#core/markdown/note-title.ts';

import { copiedNote, newNote, placeBelow } from './note-box.ts';

/**
 * Adds an empty note and opens it to be written. `at`: its upper left corner in flow units; without it the note lies below
 * the flow. Its id; undefined when the flow cannot be edited or has as many notes as it may have.
 */
export function addNote(store: EditorStore, at?: Position): string | undefined {
  const { document } = store.getState();
  const note = newNote(document, at ?? placeBelow(document, store.catalog), store.catalog);
  if (!store.apply({ kind: 'put_note', note }, { say: 'Note added' })) return undefined;
  store.setState({ editedNoteId: note.id });
  return note.id;
}

/** Puts a note in the place of itself. `part` of it, as long as that goes on changing, is one step of undo. */
export function changeNote(store: EditorStore, note: FlowNote, part: 'text' | 'box' | 'color'): void {
  store.apply({ kind: 'put_note', note }, { mergeKey: `note ${note.id} ${part}` });
}

/** Adds the same note once more, beside it. Its id; undefined when that is refused. */
export function copyNote(store: EditorStore, note: FlowNote): string | undefined {
  const copy = copiedNote(store.getState().document, note);
  return store.apply({ kind: 'put_note', note: copy }, { say: 'Note duplicated' }) ? copy.id : undefined;
}

/** Takes a note away; the keyboard is on the canvas then. */
export function removeNote(store: EditorStore, note: FlowNote): void {
  const say = `Note removed: ${noteTitle(note)}`;
  if (store.apply({ kind: 'remove_notes', noteIds: [note.id] }, { say })) focusCanvas();
}
