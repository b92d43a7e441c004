'use client';

import { Copy, Trash2 } from 'lucide-react';

import { duplicateSelection, removeSelection } from '#components/canvas/selection-actions.ts';
import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { Button } from '#components/ui/button.tsx';

/** What is shown while several nodes are selected: what can be done to all of them. */
export function SelectionInspector({ count }: { count: number }) {
  const store = useEditorStore();
  return (
    <div className="flex flex-col gap-3 p-4">
      <h2 className="text-sm font-semibold">{count} nodes selected</h2>
      <div className="flex gap-2">
        <Button disabled={store.isReadOnly} onClick={() => duplicateSelection(store)}>
          <Copy /> Duplicate
        </Button>
        <Button variant="danger-ghost" disabled={store.isReadOnly} onClick={() => removeSelection(store)}>
          <Trash2 /> Remove
        </Button>
      </div>
      <p className="text-xs text-muted-foreground">
        Drag to move them together. Copy puts them on the clipboard as JSON, to paste here, in another flow or
        into a message.
      </p>
    </div>
  );
}
