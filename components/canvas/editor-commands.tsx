'use client';

import { useReactFlow } from '@xyflow/react';
import {
  FlaskConical,
  History,
  Keyboard,
  LayoutTemplate,
  ListTree,
  Play,
  Plus,
  Redo2,
  Rocket,
  SearchCode,
  Settings2,
  SkipForward,
  StickyNote,
  TriangleAlert,
  Undo2,
  WandSparkles,
  Workflow,
} from 'lucide-react';
import type { ReactNode } from 'react';

import type { Command } from '#components/command/command.ts';
import { paletteStore, useCommandSource } from '#components/command/command-registry.ts';
import { findInFlow } from '#components/command/find-in-flow.ts';
import { openRunPart } from '#components/flow-tests/open-run-part.ts';
import { plainNotes } from '#components/notes/note-box.ts';
import { useNoteCommands } from '#components/notes/use-note-commands.ts';
import { useRevealNote } from '#components/notes/use-reveal-note.ts';
import { useRight } from '#components/shell/rights.tsx';

import { noteTitle } from '#core/markdown/note-title.ts';

import { useEditorStore } from './editor-context.tsx';
import type { EditorStore } from './editor-store.ts';
import { nodeLabel } from './node-ports.ts';
import { OptionIcon } from './picker-options.tsx';
import { keysFor, SHORTCUTS } from './shortcuts.ts';
import type { ShortcutId } from './shortcuts.ts';
import { tidy } from './tidy.ts';
import { toggleView } from './toggle-view.ts';
import { useNextFault } from './use-next-fault.ts';
import { useOpenFault } from './use-open-fault.ts';
import { useRevealNode } from './use-reveal-node.ts';
import { FIT_VIEW, zoomMs } from './view-moves.ts';

/** Gives the command palette what the open flow offers: its nodes, what can be done with it, and what stands in it. */
export function EditorCommands() {
  const store = useEditorStore();
  const actions = useFlowActions(store);
  const reveal = useRevealNode();
  const revealNote = useRevealNote();
  const open = useOpenFault();
  const goTo = (nodeId: string): void => {
    store.select([nodeId]);
    reveal(nodeId);
  };
  useCommandSource({
    commands: () => [...actions(), ...nodeCommands(store, goTo), ...noteCommands(store, revealNote)],
    find: (query) =>
      findInFlow(store.getState().document, query, store.catalog).map((hit, index): Command => {
        const { nodeId, noteId, pointer, label, place, excerpt } = hit;
        const node = store.getState().document.nodes.find(({ id }) => id === nodeId);
        return {
          id: `found ${index} ${nodeId ?? ''}${pointer}`,
          label: excerpt,
          hint: `${label} · ${place}`,
          group: 'Found',
          icon: node ? <OptionIcon type={node.type} version={node.version} /> : noteId && <StickyNote />,
          run: () =>
            noteId === undefined
              ? open({ pointer, ...(nodeId !== undefined && { nodeId }) })
              : revealNote(noteId),
        };
      }),
  });
  return null;
}

function nodeCommands(store: EditorStore, goTo: (nodeId: string) => void): Command[] {
  const { document } = store.getState();
  return document.nodes.map((node) => ({
    id: `node ${document.slug} ${node.id}`,
    label: nodeLabel(node, store.catalog),
    hint: node.type,
    words: node.id,
    group: 'Nodes',
    icon: <OptionIcon type={node.type} version={node.version} />,
    run: () => goTo(node.id),
  }));
}

function noteCommands(store: EditorStore, goTo: (noteId: string) => void): Command[] {
  const { document } = store.getState();
  return plainNotes(document).map((note) => ({
    id: `note ${document.slug} ${note.id}`,
    label: noteTitle(note),
    hint: 'note',
    group: 'Nodes',
    icon: <StickyNote />,
    run: () => goTo(note.id),
  }));
}

/** What can be done with the open flow, as far as this person may. */
function useFlowActions(store: EditorStore): () => readonly Command[] {
  const { fitView } = useReactFlow();
  const goToFault = useNextFault();
  const notes = useNoteCommands();
  const canPublish = useRight('flow:publish');
  const canRun = useRight('run:start');
  const command = (
    id: string,
    label: string,
    { icon, key, run }: { icon: ReactNode; key?: ShortcutId; run: () => void },
  ): Command => ({
    id: `flow ${id}`,
    label,
    group: 'This flow',
    icon,
    keys: key && keysFor(SHORTCUTS, key),
    run,
  });
  return () => {
    const { view, faults, selectedNodeIds } = store.getState();
    const isOutline = view === 'outline';
    const all: (Command | false)[] = [
      canRun &&
        command('run', 'Test run', {
          icon: <Play />,
          key: 'run',
          run: () => store.setState({ dialog: 'run' }),
        }),
      canRun &&
        selectedNodeIds.size > 0 &&
        command('run-step', 'Run this step', {
          icon: <Play />,
          key: 'run_step',
          run: () => openRunPart(store, 'only'),
        }),
      canRun &&
        selectedNodeIds.size > 0 &&
        command('run-up-to', 'Run up to here', {
          icon: <SkipForward />,
          key: 'run_up_to',
          run: () => openRunPart(store, 'up_to'),
        }),
      command('tests', 'Tests of this flow', {
        icon: <FlaskConical />,
        run: () => store.setState({ areTestsOpen: true }),
      }),
      canPublish &&
        command('publish', 'Publish', {
          icon: <Rocket />,
          key: 'publish',
          run: () => store.setState({ dialog: 'publish' }),
        }),
      !store.isReadOnly &&
        command('add', 'Add a node', {
          icon: <Plus />,
          key: 'add',
          run: () => store.setState({ picker: { kind: 'add' } }),
        }),
      command('find', 'Find in this flow', {
        icon: <SearchCode />,
        key: 'find',
        run: () => paletteStore.setState({ mode: 'find' }),
      }),
      faults.length > 0 &&
        command('fault', 'Go to the next fault', {
          icon: <TriangleAlert />,
          key: 'next_fault',
          run: () => goToFault(1),
        }),
      command('view', isOutline ? 'Show the canvas' : 'Show the outline', {
        icon: isOutline ? <Workflow /> : <ListTree />,
        key: 'outline',
        run: () => toggleView(store),
      }),
      !store.isReadOnly &&
        !isOutline &&
        command('tidy', 'Tidy up', {
          icon: <WandSparkles />,
          key: 'tidy',
          run: () =>
            void tidy(store).then((isWhole) => isWhole && fitView({ ...FIT_VIEW, duration: zoomMs() })),
        }),
      !store.isReadOnly &&
        command('note', 'Add a note', { icon: <StickyNote />, key: 'note', run: () => notes.add() }),
      !store.isReadOnly &&
        command('template', 'Insert a template', {
          icon: <LayoutTemplate />,
          run: () => store.setState({ dialog: 'template' }),
        }),
      command('versions', 'Versions', {
        icon: <History />,
        run: () => store.setState({ dialog: 'versions' }),
      }),
      command('settings', 'Flow settings', { icon: <Settings2 />, run: () => openFlowSettings(store) }),
      !store.isReadOnly && command('undo', 'Undo', { icon: <Undo2 />, key: 'undo', run: store.undo }),
      !store.isReadOnly && command('redo', 'Redo', { icon: <Redo2 />, key: 'redo', run: store.redo }),
      command('keys', 'Keyboard', {
        icon: <Keyboard />,
        key: 'help',
        run: () => store.setState({ isHelpOpen: true }),
      }),
    ];
    return all.filter((each) => each !== false);
  };
}

function openFlowSettings(store: EditorStore): void {
  store.select([]);
  store.setState({ isInspectorOpen: true, fieldToOpen: { nodeId: '', pointer: '/description' } });
}
