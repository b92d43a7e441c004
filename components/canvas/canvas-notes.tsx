'use client';

import { ViewportPortal } from '@xyflow/react';
import { X } from 'lucide-react';

import { IconButton } from '#components/ui/icon-button.tsx';
import type { FlowNote } from '#core/flow-document.ts';

import { useEditor, useEditorStore } from './editor-context.tsx';
import { isGroup } from './group-frame.ts';

/** The notes of a flow, beside its nodes: what an import left to do, and remarks that came with it. */
export function CanvasNotes() {
  const store = useEditorStore();
  const all = useEditor((state) => state.document.notes);
  const notes = all.filter((note) => !isGroup(note));
  const remove = (note: FlowNote) =>
    void store.apply({ kind: 'remove_notes', noteIds: [note.id] }, { say: 'Note removed' });
  if (notes.length === 0) return null;
  return (
    <ViewportPortal>
      {notes.map((note) => (
        <Note key={note.id} note={note} onRemove={store.isReadOnly ? undefined : () => remove(note)} />
      ))}
    </ViewportPortal>
  );
}

function Note({ note, onRemove }: { note: FlowNote; onRemove: (() => void) | undefined }) {
  const [title = '', ...rest] = note.text.split('\n');
  const { width = 240, height } = note.size ?? {};
  return (
    <section
      aria-label={`Note: ${title}`}
      tabIndex={0}
      style={{ transform: `translate(${note.position.x}px, ${note.position.y}px)`, width, maxHeight: height }}
      className="nowheel nodrag nopan pointer-events-auto absolute top-0 left-0 overflow-y-auto rounded-lg border border-warning/30 bg-warning-soft px-3 py-2 text-xs text-foreground focus-ring"
    >
      {onRemove && (
        <IconButton
          size="sm"
          label="Remove the note"
          tooltipSide="top"
          onClick={onRemove}
          className="float-right -mt-1 -mr-2"
        >
          <X />
        </IconButton>
      )}
      <p className="font-medium break-words">{title}</p>
      {rest.length > 0 && <p className="mt-1 break-words whitespace-pre-line">{rest.join('\n')}</p>}
    </section>
  );
}
