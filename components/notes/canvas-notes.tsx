'use client';

import { ViewportPortal } from '@xyflow/react';

import { useEditor } from '#components/canvas/editor-context.tsx';
import { isGroup } from '#components/canvas/group-frame.ts';

import { NoteCard } from './note-card.tsx';

/** The notes of a flow behind its nodes: what people wrote there, and what an import left to do. */
export function CanvasNotes() {
  const all = useEditor((state) => state.document.notes);
  const notes = all.filter((note) => !isGroup(note));
  if (notes.length === 0) return null;
  return (
    <ViewportPortal>
      {notes.map((note) => (
        <NoteCard key={note.id} note={note} />
      ))}
    </ViewportPortal>
  );
}
