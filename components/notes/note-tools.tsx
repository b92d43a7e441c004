'use client';

import { Pencil, Trash2 } from 'lucide-react';

import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { cn } from '#components/ui/cn.ts';
import { IconButton } from '#components/ui/icon-button.tsx';
import { type FlowNote, NOTE_COLORS, type NoteColor } from '#core/flow-document.ts';

import { changeNote, removeNote } from './note-actions.ts';
import { colorOf } from './note-box.ts';

const COLOR_WORDS: Readonly<Record<NoteColor, string>> = {
  yellow: 'Yellow',
  blue: 'Blue',
  green: 'Green',
  red: 'Red',
  violet: 'Violet',
  grey: 'Grey',
};

/** What can be done with a note, beside it while the pointer or the focus is there. */
export function NoteTools({ note, className }: { note: FlowNote; className?: string }) {
  const store = useEditorStore();
  return (
    <div
      role="toolbar"
      aria-label="Note"
      className={cn(
        'nodrag nopan flex items-center gap-0.5 rounded-lg border border-border bg-surface p-0.5 shadow-xs',
        className,
      )}
    >
      {NOTE_COLORS.map((color) => (
        <IconButton
          key={color}
          size="sm"
          label={COLOR_WORDS[color]}
          tooltipSide="top"
          aria-pressed={color === colorOf(note)}
          onClick={() => changeNote(store, { ...note, color }, 'color')}
          className="aria-pressed:bg-muted"
        >
          <span className="note-color note-swatch" data-color={color} />
        </IconButton>
      ))}
      <span aria-hidden className="mx-0.5 h-4 w-px bg-border" />
      <IconButton
        size="sm"
        label="Write in the note"
        keys={['F2']}
        tooltipSide="top"
        onClick={() => store.setState({ editedNoteId: note.id })}
      >
        <Pencil />
      </IconButton>
      <IconButton
        size="sm"
        label="Remove the note"
        keys={['Delete']}
        tooltipSide="top"
        onClick={() => removeNote(store, note)}
      >
        <Trash2 />
      </IconButton>
    </div>
  );
}
