'use client';

import { ReactFlowProvider } from '@xyflow/react';
import { createContext, use } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';

import type { EditorState, EditorStore } from './editor-store.ts';

const EditorContext = createContext<EditorStore | null>(null);

/** Makes one editor's store and React Flow's instance known to the canvas, the palette, the inspector and the header. */
export function EditorProvider({ store, children }: { store: EditorStore; children: ReactNode }) {
  return (
    <EditorContext value={store}>
      <ReactFlowProvider>{children}</ReactFlowProvider>
    </EditorContext>
  );
}

/** The store of the editor around; for handlers, which read it when they run. */
export function useEditorStore(): EditorStore {
  const store = use(EditorContext);
  if (!store) throw new Error('This component stands outside an EditorProvider');
  return store;
}

/** A slice of the editor's state; select as little as is drawn. */
export function useEditor<T>(select: (state: EditorState) => T): T {
  return useStore(useEditorStore(), select);
}
