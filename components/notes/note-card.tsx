'use client';

import { useState } from 'react';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { cn } from '#components/ui/cn.ts';
import { useOverflow } from '#components/ui/use-overflow.ts';
import type { FlowNote } from '#core/flow-document.ts';

import { colorOf } from './note-box.ts';
import { NoteEditor } from './note-editor.tsx';
import { NoteFrame, placeOfNote } from './note-frame.tsx';
import { NoteTools } from './note-tools.tsx';
import { useNearness } from './use-nearness.ts';
import { useNoteDrag } from './use-note-drag.ts';
import { useNoteKeys } from './use-note-keys.ts';

/** A note on the canvas of the editor: it is moved, made larger, written, coloured and removed there. */
export function NoteCard({ note }: { note: FlowNote }) {
  const store = useEditorStore();
  const isEdited = useEditor((state) => state.editedNoteId === note.id);
  const [sheet, setSheet] = useState<HTMLElement | null>(null);
  const { isNear, near } = useNearness();
  const { shown, move, resize } = useNoteDrag(note);
  const onKeyDown = useNoteKeys(note);
  const overflows = useOverflow(sheet);
  const canEdit = !store.isReadOnly;
  return (
    <div className="note-place note-color" data-color={colorOf(note)} style={placeOfNote(shown)} {...near}>
      <NoteFrame
        ref={setSheet}
        note={note}
        className={cn(canEdit && 'select-none', overflows && 'nowheel')}
        data-movable={canEdit || undefined}
        onKeyDown={onKeyDown}
        onDoubleClick={canEdit ? () => store.setState({ editedNoteId: note.id }) : undefined}
        // One thing at a time: keys that remove or move nodes do not mean these now.
        onFocus={() => canEdit && store.getState().selectedNodeIds.size > 0 && store.select([])}
        {...(isEdited ? {} : move)}
      >
        {isEdited && canEdit ? <NoteEditor note={note} /> : undefined}
      </NoteFrame>
      {canEdit && isNear && (
        <>
          <div className="note-tools">
            <NoteTools note={note} />
          </div>
          <span aria-hidden className="note-corner nodrag nopan" {...resize} />
        </>
      )}
    </div>
  );
}
