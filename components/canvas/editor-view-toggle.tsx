'use client';

import { ListTree, Workflow } from 'lucide-react';

import { IconButton } from '#components/ui/icon-button.tsx';

import { useEditor, useEditorStore } from './editor-context.tsx';
import { toggleView } from './toggle-view.ts';

/** Changes between the drawn flow and the same flow as a list. */
export function EditorViewToggle() {
  const store = useEditorStore();
  const isOutline = useEditor((state) => state.view === 'outline');
  return (
    <IconButton
      label={isOutline ? 'Show the canvas' : 'Show the outline'}
      keys={['O']}
      onClick={() => toggleView(store)}
    >
      {isOutline ? <Workflow /> : <ListTree />}
    </IconButton>
  );
}
