'use client';

import { useReactFlow } from '@xyflow/react';
import { useState } from 'react';
import type { PointerEvent } from 'react';

import { useEditorStore } from '#components/canvas/editor-context.tsx';
import type { Size } from '#components/canvas/node-size.ts';
import type { FlowNote, Position } from '#core/flow-document.ts';

import { movedNote, resizedNote } from './note-box.ts';

type Change = (by: Position, drawn: Size) => FlowNote;

/**
 * Moves a note, or the corner of it, with the pointer. `shown` is the note as it is drawn meanwhile; let go, the change is
 * one step of undo.
 */
export function useNoteDrag(note: FlowNote) {
  const store = useEditorStore();
  const { getZoom } = useReactFlow();
  const [start, setStart] = useState<(Position & { readonly drawn: Size }) | null>(null);
  const [shown, setShown] = useState<FlowNote | null>(null);
  const handlers = (change: Change) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      const sheet = event.currentTarget.closest<HTMLElement>('.note-place');
      if (event.button !== 0 || !sheet || isElsewhere(event)) return;
      const drawn = { width: sheet.offsetWidth, height: sheet.offsetHeight };
      setStart({ x: event.clientX, y: event.clientY, drawn });
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      if (!start) return;
      const zoom = getZoom();
      const { x, y, drawn } = start;
      setShown(change({ x: (event.clientX - x) / zoom, y: (event.clientY - y) / zoom }, drawn));
    },
    onPointerUp: () => {
      setStart(null);
      if (shown) store.apply({ kind: 'put_note', note: shown });
      setShown(null);
    },
    onPointerCancel: () => {
      setStart(null);
      setShown(null);
    },
  });
  return {
    shown: shown ?? note,
    move: store.isReadOnly ? {} : handlers((by) => movedNote(note, by)),
    resize: store.isReadOnly ? {} : handlers((by, drawn) => resizedNote(note, by, drawn)),
  };
}

/** What is in a note and is used itself: links, the text that is being written, the bar that scrolls it. */
function isElsewhere(event: PointerEvent<HTMLElement>): boolean {
  const target = event.target instanceof Element ? event.target : null;
  const isOnBar =
    target === event.currentTarget && event.nativeEvent.offsetX > event.currentTarget.clientWidth;
  return isOnBar || target?.closest('a, button, textarea') != null;
}
