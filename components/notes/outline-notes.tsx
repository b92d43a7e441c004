'use client';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { isGroup } from '#components/canvas/group-frame.ts';
import type { FlowNote } from '#core/flow-document.ts';

import { colorOf } from './note-box.ts';
import { NoteEditor } from './note-editor.tsx';
import { NoteFrame } from './note-frame.tsx';
import { NoteTools } from './note-tools.tsx';
import { useNearness } from './use-nearness.ts';
import { useNoteKeys } from './use-note-keys.ts';

/** The notes of a flow as a list below its outline: read, written, coloured and removed there. */
export function OutlineNotes() {
  const all = useEditor((state) => state.document.notes);
  const notes = all.filter((note) => !isGroup(note));
  if (notes.length === 0) return null;
  return (
    <section aria-labelledby="outline-notes" className="mx-auto mt-6 max-w-3xl">
      <h2 id="outline-notes" className="px-2 pb-1.5 text-xs font-medium text-subtle-foreground">
        Notes
      </h2>
      <ul className="flex flex-col gap-2">
        {notes.map((note) => (
          <OutlineNote key={note.id} note={note} />
        ))}
      </ul>
    </section>
  );
}

function OutlineNote({ note }: { note: FlowNote }) {
  const store = useEditorStore();
  const isEdited = useEditor((state) => state.editedNoteId === note.id) && !store.isReadOnly;
  const { isNear, near } = useNearness();
  const onKeyDown = useNoteKeys(note);
  return (
    <li className="note-place note-color relative" data-color={colorOf(note)} {...near}>
      <NoteFrame
        note={note}
        onKeyDown={onKeyDown}
        onDoubleClick={store.isReadOnly ? undefined : () => store.setState({ editedNoteId: note.id })}
      >
        {isEdited ? <NoteEditor note={note} /> : undefined}
      </NoteFrame>
      {isNear && !isEdited && !store.isReadOnly && (
        <NoteTools note={note} className="absolute top-1 right-1 z-10" />
      )}
    </li>
  );
}
