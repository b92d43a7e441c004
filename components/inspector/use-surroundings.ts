'use client';

import { useMemo } from 'react';

import { useEditor } from '#components/canvas/editor-context.tsx';
import type { EditorState } from '#components/canvas/editor-store.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { sameSurroundings } from './surroundings.ts';

/**
 * The editor's document for what depends on all of it but one node's settings: the same object for as long as only those change,
 * so that nothing is worked out or drawn again while they are typed.
 */
export function useSurroundings(nodeId: string): FlowDocument {
  return useEditor(useMemo(() => selectSurroundings(nodeId), [nodeId]));
}

function selectSurroundings(nodeId: string): (state: EditorState) => FlowDocument {
  let kept: FlowDocument | undefined;
  return ({ document }) => {
    if (!kept || !sameSurroundings(kept, document, nodeId)) kept = document;
    return kept;
  };
}
