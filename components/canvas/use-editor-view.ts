'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useEffect } from 'react';

import { useEditor } from './editor-context.tsx';
import type { EditorView } from './editor-store.ts';

const VIEWS = ['canvas', 'outline'] as const;
const STORED = 'patchbay:editor-view';

/** The view to open with: the one that the address names, else the one that this browser was left in. */
export function startingView(): EditorView {
  const asked = new URLSearchParams(window.location.search).get('view');
  const wanted = asked ?? window.localStorage.getItem(STORED);
  return VIEWS.find((view) => view === wanted) ?? 'canvas';
}

/** The view that is open. Keeps the address and what this browser remembers in step with it. */
export function useEditorView(): EditorView {
  const view = useEditor((state) => state.view);
  const [, setQuery] = useQueryState('view', parseAsStringLiteral(VIEWS));
  useEffect(() => {
    window.localStorage.setItem(STORED, view);
    void setQuery(view === 'outline' ? view : null);
  }, [view, setQuery]);
  return view;
}
