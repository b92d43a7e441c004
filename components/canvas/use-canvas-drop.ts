'use client';

import { useReactFlow } from '@xyflow/react';
import { useState } from 'react';
import type { DragEvent } from 'react';

import { addNote } from '#components/notes/note-actions.ts';
import type { FlowEdge, Position } from '#core/flow-document.ts';

import { addNode, addOrReplaceTrigger } from './edit-actions.ts';
import { edgeId } from '#core/edge-id.ts';
import { useEditorStore } from './editor-context.tsx';
import type { EditorStore } from './editor-store.ts';
import { loopAt } from './node-place.ts';
import { NODE_WIDTH, nodeHeight } from './node-size.ts';
import { PICKER_ITEMS } from './picker-items.ts';
import { useRevealNode } from './use-reveal-node.ts';

/** The kind of thing that the palette drags. */
export const DRAG_TYPE = 'application/x-patchbay-node';
/** What the palette drags when it drags a note. */
export const DRAGGED_NOTE = 'note';

/** Handlers for dropping a node from the palette: on empty canvas it lands there, on an edge it goes between. */
export function useCanvasDrop() {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  const reveal = useRevealNode();
  const [handlers] = useState(() => {
    let marked: Element | null = null;
    const mark = (element: Element | null) => {
      if (element === marked) return;
      marked?.classList.remove('drop-target');
      element?.classList.add('drop-target');
      marked = element;
    };
    return {
      onDragOver: (event: DragEvent) => {
        if (store.isReadOnly || !event.dataTransfer.types.includes(DRAG_TYPE)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        mark(edgeElementAt(pointOf(event)));
        const point = screenToFlowPosition(pointOf(event));
        const { document, foldedIds } = store.getState();
        const loopId = marked
          ? null
          : (loopAt(document, store.catalog, { point, except: foldedIds }) ?? null);
        if (loopId !== store.getState().dropLoopId) store.setState({ dropLoopId: loopId });
      },
      onDragLeave: () => {
        mark(null);
        store.setState({ dropLoopId: null });
      },
      onDrop: (event: DragEvent) => {
        const data = event.dataTransfer.getData(DRAG_TYPE);
        const [type, version] = data.split('@');
        const item = PICKER_ITEMS.find(
          (candidate) => candidate.type === type && candidate.version === Number(version),
        );
        const edge = edgeOf(store, marked);
        mark(null);
        store.setState({ dropLoopId: null });
        if (data === DRAGGED_NOTE) {
          event.preventDefault();
          addNote(store, screenToFlowPosition(pointOf(event)));
        }
        if (!item) return;
        event.preventDefault();
        const { x, y } = screenToFlowPosition(pointOf(event));
        const position = { x: x - NODE_WIDTH / 2, y: y - nodeHeight(1) / 2 };
        const added =
          item.kind === 'trigger'
            ? addOrReplaceTrigger(store, item, { kind: 'at', position })
            : addNode(store, item, edge ? { kind: 'on_edge', edge } : { kind: 'at', position });
        if (added !== undefined) reveal(added);
      },
    };
  });
  return handlers;
}

function pointOf(event: DragEvent): Position {
  return { x: event.clientX, y: event.clientY };
}

function edgeElementAt({ x, y }: Position): Element | null {
  const found = document.elementsFromPoint(x, y).find((element) => element.closest('.react-flow__edge'));
  return found?.closest('.react-flow__edge') ?? null;
}

function edgeOf(store: EditorStore, element: Element | null): FlowEdge | undefined {
  const id = element?.getAttribute('data-id');
  return store.getState().document.edges.find((edge) => edgeId(edge) === id);
}
