'use client';

import { useReactFlow } from '@xyflow/react';
import { Keyboard, Redo2, StickyNote, Undo2, WandSparkles } from 'lucide-react';
import { useStore } from 'zustand';

import { useNoteCommands } from '#components/notes/use-note-commands.ts';
import { IconButton } from '#components/ui/icon-button.tsx';

import { useEditorStore } from './editor-context.tsx';
import { tidy } from './tidy.ts';
import { FIT_VIEW, zoomMs } from './view-moves.ts';

/** The editor's own buttons beside the zoom: undo, redo, tidy up, and the list of keys. */
export function EditCanvasExtras() {
  const store = useEditorStore();
  const { fitView } = useReactFlow();
  const notes = useNoteCommands();
  const canUndo = useStore(store.temporal, (history) => history.pastStates.length > 0);
  const canRedo = useStore(store.temporal, (history) => history.futureStates.length > 0);
  const tidyUp = () =>
    void tidy(store).then((isWhole) => isWhole && fitView({ ...FIT_VIEW, duration: zoomMs() }));
  return (
    <>
      {!store.isReadOnly && (
        <>
          <span aria-hidden className="mx-0.5 h-4 w-px bg-border" />
          <IconButton
            size="sm"
            label="Undo"
            keys={['Ctrl', 'Z']}
            tooltipSide="top"
            disabled={!canUndo}
            onClick={store.undo}
          >
            <Undo2 />
          </IconButton>
          <IconButton
            size="sm"
            label="Redo"
            keys={['Ctrl', 'Shift', 'Z']}
            tooltipSide="top"
            disabled={!canRedo}
            onClick={store.redo}
          >
            <Redo2 />
          </IconButton>
          <IconButton
            size="sm"
            label="Tidy up"
            keys={['Shift', 'Alt', 'T']}
            tooltipSide="top"
            onClick={tidyUp}
          >
            <WandSparkles />
          </IconButton>
          <IconButton
            size="sm"
            label="Add a note"
            keys={['Shift', 'S']}
            tooltipSide="top"
            onClick={notes.add}
          >
            <StickyNote />
          </IconButton>
        </>
      )}
      <IconButton
        size="sm"
        label="Keyboard"
        keys={['?']}
        tooltipSide="top"
        className="max-md:hidden"
        onClick={() => store.setState({ isHelpOpen: true })}
      >
        <Keyboard />
      </IconButton>
    </>
  );
}
