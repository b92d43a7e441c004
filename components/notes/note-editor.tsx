'use client';

import { useCallback } from 'react';
import type { KeyboardEvent } from 'react';

import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { type FlowNote, NOTE_LENGTH } from '#core/flow-document.ts';

import { changeNote } from './note-actions.ts';

/** The text of a note while it is written. Each letter is kept at once; Escape and Ctrl+Enter end it. */
export function NoteEditor({ note }: { note: FlowNote }) {
  const store = useEditorStore();
  const finish = () => store.setState({ editedNoteId: null });
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const isDone = event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey));
    if (!isDone) return;
    event.preventDefault();
    event.stopPropagation();
    const sheet = event.currentTarget.closest<HTMLElement>('[data-note]');
    finish();
    sheet?.focus({ preventScroll: true });
  };
  return (
    <textarea
      ref={useCallback((field: HTMLTextAreaElement | null) => {
        // Not autoFocus: the browser would scroll the canvas within its frame.
        field?.focus({ preventScroll: true });
        field?.setSelectionRange(field.value.length, field.value.length);
      }, [])}
      aria-label="Text of the note, in Markdown"
      placeholder={'Write in Markdown:\n# heading\n- point\n**bold**, `code`, [link](https://…)'}
      value={note.text}
      maxLength={NOTE_LENGTH}
      className="nowheel block size-full min-h-32 resize-none rounded-lg bg-surface px-3 py-2.5 font-mono text-xs leading-normal focus-ring-inset placeholder:text-subtle-foreground"
      onChange={(event) => changeNote(store, { ...note, text: event.target.value }, 'text')}
      onKeyDown={onKeyDown}
      onBlur={finish}
    />
  );
}
