'use client';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import type { EditorStore } from '#components/canvas/editor-store.ts';

// By editor: texts that could not be taken into the document, so that looking at another node does not lose them.
const textsByEditor = new WeakMap<EditorStore, Map<string, string>>();

/** The text a person left in a JSON setting of the selected node while it was no JSON. */
export function useUnparsedText(place: string): {
  read(): string | undefined;
  write(text: string | null): void;
} {
  const store = useEditorStore();
  const nodeId = useEditor((state) => [...state.selectedNodeIds][0] ?? '');
  const key = `${nodeId}${place}`;
  const texts = textsByEditor.get(store) ?? new Map<string, string>();
  textsByEditor.set(store, texts);
  return {
    read: () => texts.get(key),
    write: (text) => {
      if (text === null) texts.delete(key);
      else texts.set(key, text);
    },
  };
}
