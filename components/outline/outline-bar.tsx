'use client';

import { Keyboard, Plus, Redo2, Undo2 } from 'lucide-react';
import { useStore } from 'zustand';

import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';

import { outlineActions } from './outline-actions.ts';
import type { OutlineRow } from './outline-rows.ts';

/** The buttons above the outline. */
export function OutlineBar({ active }: { active: OutlineRow | undefined }) {
  const store = useEditorStore();
  const canUndo = useStore(store.temporal, (history) => history.pastStates.length > 0);
  const canRedo = useStore(store.temporal, (history) => history.futureStates.length > 0);
  const add = active && outlineActions(store, active.item).find(({ id }) => id === 'add');
  return (
    <div className="mx-auto flex w-full max-w-3xl items-center gap-0.5 px-3 pt-3 pb-1">
      {!store.isReadOnly && (
        <>
          <Button
            size="sm"
            className="mr-1"
            disabled={active !== undefined && add === undefined}
            onClick={() => (add ? add.run() : store.setState({ picker: { kind: 'add' } }))}
          >
            <Plus /> {add?.label ?? 'Add a step'}
          </Button>
          <IconButton size="sm" label="Undo" keys={['Ctrl', 'Z']} disabled={!canUndo} onClick={store.undo}>
            <Undo2 />
          </IconButton>
          <IconButton
            size="sm"
            label="Redo"
            keys={['Ctrl', 'Shift', 'Z']}
            disabled={!canRedo}
            onClick={store.redo}
          >
            <Redo2 />
          </IconButton>
        </>
      )}
      <IconButton
        size="sm"
        label="Keyboard"
        keys={['?']}
        className="ml-auto"
        onClick={() => store.setState({ isHelpOpen: true })}
      >
        <Keyboard />
      </IconButton>
    </div>
  );
}
